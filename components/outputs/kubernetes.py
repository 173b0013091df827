"""How kube-apiserver, K3s and kubeadm are told to use this etcd. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import yaml

from components.outputs.clients import ClientPaths

APISERVER_DIRECTORY = "/etc/kubernetes/pki/etcd"
K3S_DIRECTORY = "/etc/rancher/k3s/etcd"


class Flags(TypedDict):
    """Command line flags, each `--name=value`, and which files want a restart when they change.

    The bundle is read at the start alone, certificate and key before every connection (measured
    with kube-apiserver 1.34; K3s hands them to the one that it has in it).
    """

    flags: list[str]
    restart_on: list[str]


class Kubeadm(TypedDict):
    """A kubeadm document as an object and as the YAML text of the same."""

    configuration: dict[str, Any]
    yaml: str


def apiserver(endpoints: Sequence[str], paths: ClientPaths) -> Flags:
    """What `kube-apiserver` gets."""
    return {
        "flags": [
            f"--etcd-servers={','.join(endpoints)}",
            f"--etcd-cafile={paths.ca}",
            f"--etcd-certfile={paths.certificate}",
            f"--etcd-keyfile={paths.key}",
        ],
        "restart_on": [paths.ca],
    }


def k3s(endpoints: Sequence[str], paths: ClientPaths) -> Flags:
    """What `k3s server` gets, on every server the same."""
    return {
        "flags": [
            f"--datastore-endpoint={','.join(endpoints)}",
            f"--datastore-cafile={paths.ca}",
            f"--datastore-certfile={paths.certificate}",
            f"--datastore-keyfile={paths.key}",
        ],
        "restart_on": [paths.ca],
    }


def kubeadm(endpoints: Sequence[str], paths: ClientPaths) -> Kubeadm:
    """The `etcd.external` block in a ClusterConfiguration for `kubeadm init --config`."""
    configuration = {
        "apiVersion": "kubeadm.k8s.io/v1beta4",
        "kind": "ClusterConfiguration",
        "etcd": {
            "external": {
                "endpoints": list(endpoints),
                "caFile": paths.ca,
                "certFile": paths.certificate,
                "keyFile": paths.key,
            }
        },
    }
    return {
        "configuration": configuration,
        "yaml": yaml.safe_dump(configuration, sort_keys=False),
    }
