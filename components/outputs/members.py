"""Where the members are found. Pure."""

from __future__ import annotations

from typing import TypedDict

from components.spec import Cluster


class Member(TypedDict):
    """Where one member is found."""

    address: str
    client_url: str
    peer_url: str


class Pods(TypedDict):
    """Where the pods of a cluster in Kubernetes are. `context` is empty for the current one of the
    kubeconfig; `service` leads a client to any member that is ready."""

    namespace: str
    context: str
    service: str
    names: dict[str, str]


def endpoints(cluster: Cluster) -> list[str]:
    """The members' client URLs, by name of the node."""
    return [node.client_url for node in cluster.resolved_nodes()]


def members(cluster: Cluster) -> dict[str, Member]:
    """Node name to where it is found."""
    return {
        node.name: {
            "address": node.address,
            "client_url": node.client_url,
            "peer_url": node.peer_url,
        }
        for node in cluster.resolved_nodes()
    }


def pods(cluster: Cluster) -> dict[str, Pods]:
    """The output `pods`; nothing for a cluster on machines."""
    place = cluster.kubernetes
    if place is None:
        return {}
    port = cluster.resolved_nodes()[0].client_port
    service = f"{place.client_service}.{place.namespace}.svc.{place.cluster_domain}"
    return {
        "pods": {
            "namespace": place.namespace,
            "context": place.context or "",
            "service": f"https://{service}:{port}",
            "names": {name: f"{name}-0" for name in cluster.nodes},
        }
    }
