"""Names and labels that the objects of a cluster know each other by."""

from __future__ import annotations

from components.spec import Cluster

PREFIX = "etcd-cluster"
CONTAINER = "etcd"
VOLUME_CLAIM = "data"


def labels(cluster: Cluster) -> dict[str, str]:
    """What every object of the cluster has; pods are selected by it."""
    return {"app.kubernetes.io/name": "etcd", "app.kubernetes.io/instance": cluster.name}


def member_labels(cluster: Cluster, member: str) -> dict[str, str]:
    """What a member's own objects have."""
    return {**labels(cluster), f"{PREFIX}/member": member}


def selector(cluster: Cluster) -> str:
    """The labels as kubectl takes them."""
    return ",".join(f"{name}={value}" for name, value in labels(cluster).items())


def pki_secret(member: str) -> str:
    """A member's certificates and keys."""
    return f"{member}-pki"


def entry_map(member: str) -> str:
    """What a member may enter when it starts without data."""
    return f"{member}-entry"


def consumer_secret(service: str, consumer: str) -> str:
    """A consumer's certificate, key and trust bundle."""
    return f"{service}-client-{consumer}"
