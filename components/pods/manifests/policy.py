"""Who may connect to the members' pods."""

from __future__ import annotations

from typing import Any

from components.pods.manifests.names import labels
from components.spec import Cluster
from components.spec.models.kubernetes import Access, Kubernetes


def network_policy(cluster: Cluster, pods: Kubernetes) -> dict[str, Any]:
    """Members reach each other's peer and client ports; clients and those who look at metrics are
    whom the stack file names, or everybody. The kubelet's probes are let through by themselves."""
    members = [{"podSelector": {"matchLabels": labels(cluster)}}]
    return {
        "podSelector": {"matchLabels": labels(cluster)},
        "policyTypes": ["Ingress"],
        "ingress": [
            {"from": members, "ports": [_port("peer")]},
            _open("client", members, pods.clients),
            _open("metrics", [], pods.metrics),
        ],
    }


def _open(port: str, members: list[dict[str, Any]], access: Access) -> dict[str, Any]:
    """Without `from` a rule is for everybody."""
    named = [*map(_namespace, access.namespaces), *map(_network, access.networks)]
    sources = {"from": [*members, *named]} if named else {}
    return {**sources, "ports": [_port(port)]}


def _port(name: str) -> dict[str, str]:
    return {"port": name, "protocol": "TCP"}


def _namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def _network(cidr: str) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr}}
