"""How members are found: by their own names before they are ready, by clients when they are."""

from __future__ import annotations

from typing import Any

from components.pods.manifests.names import labels
from components.spec import Cluster, NodeSettings


def headless_service(cluster: Cluster) -> dict[str, Any]:
    """Gives each pod a name. It must be known before the pod is ready: a member of a new cluster is
    not ready before it has found the others."""
    node = cluster.resolved_nodes()[0]
    return {
        "clusterIP": "None",
        "publishNotReadyAddresses": True,
        "selector": labels(cluster),
        "ports": [
            _port("client", node.client_port),
            _port("peer", node.peer_port),
            _port("metrics", metrics_port(node)),
        ],
    }


def client_service(cluster: Cluster) -> dict[str, Any]:
    """One address for clients that want no list: any member that is ready."""
    node = cluster.resolved_nodes()[0]
    return {"selector": labels(cluster), "ports": [_port("client", node.client_port)]}


def metrics_port(node: NodeSettings) -> int:
    """Of the listener that Kubernetes asks; a pod always has one."""
    assert node.metrics is not None  # noqa: S101 (resolve sees to it)
    return node.metrics.port


def _port(name: str, port: int) -> dict[str, Any]:
    return {"name": name, "port": port, "targetPort": name, "protocol": "TCP"}
