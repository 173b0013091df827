"""The stack's outputs. Only this file of the package knows Pulumi."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pulumi import Output

from components.outputs.clients import ClientPaths
from components.outputs.etcdctl import ETCDCTL_DIRECTORY, etcdctl
from components.outputs.kubernetes import (
    APISERVER_DIRECTORY,
    K3S_DIRECTORY,
    apiserver,
    k3s,
    kubeadm,
)
from components.outputs.members import endpoints, members, pods
from components.outputs.prometheus import PROMETHEUS_DIRECTORY, prometheus
from components.pki.authority import Authority
from components.spec import Cluster


def cluster_outputs(cluster: Cluster, authority: Authority) -> dict[str, Any]:
    """Stack output name to value; what holds a private key is secret, everything else is plain.

    - `endpoints`: client URLs, by name of the node
    - `ca_bundle`: PEM text that clients trust
    - `members`: node name to `Member`
    - `pods`: of a cluster in Kubernetes `{namespace, context, service, names: {node: pod}}`
    - `version`: the etcd release
    - `consumers` (secret): consumer name to `{certificate, key}`, PEM texts
    - `apiserver`, `k3s`: consumer name to `{flags, restart_on, files}`; another flag, or another
      text of a file in `restart_on`, takes effect with a restart only
    - `kubeadm`: consumer name to `{configuration, yaml}`; its files are those of `apiserver`
    - `etcdctl`: consumer name to `{environment, files}`
    - `prometheus`: consumer name to `{scrape_configs, files}`
    - `expiry`: RFC 3339 times, `{authority: {generation: time}, nodes: {node: {role: time}},
      consumers: {consumer: time}}`

    `files` (secret) maps each path named beside it to the text that belongs there.
    """
    urls = endpoints(cluster)
    nodes = cluster.resolved_nodes()

    def per_consumer(directory: str, configure: Callable[[ClientPaths], Any]) -> dict[str, Any]:
        return {
            consumer: configure(ClientPaths.in_directory(directory, consumer))
            for consumer in cluster.consumer_names
        }

    def with_files(directory: str, configure: Callable[[ClientPaths], Any]) -> dict[str, Any]:
        return {
            consumer: {**configured, "files": _files(authority, directory, consumer)}
            for consumer, configured in per_consumer(directory, configure).items()
        }

    return {
        "endpoints": urls,
        "ca_bundle": authority.bundle,
        "members": members(cluster),
        **pods(cluster),
        "version": cluster.version,
        "consumers": _certificates(authority),
        "apiserver": with_files(APISERVER_DIRECTORY, lambda paths: apiserver(urls, paths)),
        "k3s": with_files(K3S_DIRECTORY, lambda paths: k3s(urls, paths)),
        "kubeadm": per_consumer(APISERVER_DIRECTORY, lambda paths: kubeadm(urls, paths)),
        "etcdctl": with_files(ETCDCTL_DIRECTORY, lambda paths: etcdctl(urls, paths)),
        "prometheus": with_files(
            PROMETHEUS_DIRECTORY, lambda paths: prometheus(cluster.name, nodes, paths)
        ),
        "expiry": _expiry(authority),
    }


def _certificates(authority: Authority) -> Output[dict[str, Any]]:
    return Output.secret(
        {
            consumer: {"certificate": leaf.certificate_pem, "key": leaf.key_pem}
            for consumer, leaf in authority.consumers.items()
        }
    )


def _files(authority: Authority, directory: str, consumer: str) -> Output[Mapping[str, str]]:
    paths = ClientPaths.in_directory(directory, consumer)
    leaf = authority.consumers[consumer]
    return Output.all(authority.bundle, leaf.certificate_pem, leaf.key_pem).apply(
        lambda pems: paths.contents(*pems)
    )


def _expiry(authority: Authority) -> dict[str, Any]:
    return {
        "authority": {
            str(number): made.not_after for number, made in authority.generations.items()
        },
        "nodes": {
            node: {role: leaf.not_after for role, leaf in leaves.items()}
            for node, leaves in authority.nodes.items()
        },
        "consumers": {consumer: leaf.not_after for consumer, leaf in authority.consumers.items()},
    }
