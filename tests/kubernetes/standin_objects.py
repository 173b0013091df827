"""What the stand-in's tests put into the cluster, as the API has it. Pure."""

from __future__ import annotations

from typing import Any

SKIP = "pulumi.com/skipAwait"
FORCE = "pulumi.com/patchForce"
LABELS = {"app": "etcd"}
SELECTOR = {"matchLabels": LABELS}
PORTS = [{"name": "client", "port": 2379, "protocol": "TCP"}]
HEADLESS = {
    "clusterIP": "None",
    "publishNotReadyAddresses": True,
    "selector": LABELS,
    "ports": PORTS,
}
BALANCING = {"selector": LABELS, "ports": PORTS}
POLICY = {"podSelector": SELECTOR, "policyTypes": ["Ingress"], "ingress": []}


def budget(most: int = 1) -> dict[str, Any]:
    """Of a PodDisruptionBudget."""
    return {"maxUnavailable": most, "selector": SELECTOR}


def claim(storage_class: str = "") -> dict[str, Any]:
    """Of a PersistentVolumeClaim."""
    return {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": storage_class,
        "resources": {"requests": {"storage": "1024Mi"}},
    }


def stateful_set(image: str = "etcd:1", **more: Any) -> dict[str, Any]:
    """One replica with a volume, of a priority class that every cluster has."""
    container = {"name": "etcd", "image": image, "resources": {"requests": {"cpu": "1000m"}}}
    return {
        "serviceName": "etcd",
        "replicas": 1,
        "selector": SELECTOR,
        "template": {
            "metadata": {"labels": LABELS},
            "spec": {"priorityClassName": "system-cluster-critical", "containers": [container]},
        },
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim()}],
        **more,
    }
