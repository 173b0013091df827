"""How many members Kubernetes may take away at once."""

from __future__ import annotations

from typing import Any

from components.pods.manifests.names import labels
from components.spec import Cluster


def disruption_budget(cluster: Cluster) -> dict[str, Any]:
    """One, whatever the size: as few as our own hand takes down. As a number of those that stay, as
    a member without any pod would not be counted otherwise. One that is not ready may go as long as
    all others are: without a quorum nobody is ready, and nobody may go."""
    return {
        "minAvailable": len(cluster.nodes) - 1,
        "selector": {"matchLabels": labels(cluster)},
        "unhealthyPodEvictionPolicy": "IfHealthyBudget",
    }
