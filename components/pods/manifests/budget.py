"""How many members Kubernetes may take away at once."""

from __future__ import annotations

from typing import Any

from components.pods.manifests.names import labels
from components.spec import Cluster


def disruption_budget(cluster: Cluster) -> dict[str, Any]:
    """One, whatever the size: as few as our own hand takes down. One that is not ready anyway may
    go at any time, so that a node with a broken member can be drained."""
    return {
        "maxUnavailable": 1,
        "selector": {"matchLabels": labels(cluster)},
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }
