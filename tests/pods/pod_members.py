"""Stack files of clusters of pods, and their members without any certificate behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from components.member.member import BootstrapRecord, Member
from components.pods.layout import pods_of
from components.spec import load
from components.spec.models.kubernetes import Kubernetes

PROJECT = Path("/srv/project")

EVERYTHING: dict[str, Any] = {
    "throwaway": True,
    "on_destroy": "wipe",
    "client_port": 4001,
    "peer_port": 4002,
    "metrics": {"port": 4003},
    "quota_mib": 4096,
    "tuning": "wan",
    "compaction": {"mode": "revision", "retention": 1000},
    "names": ["etcd.example.org"],
    "flags": {
        "cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
        "distributed-tracing-service-name": "two words: $(HOME) $$ $1",
        "max-txn-ops": 256,
        "pre-vote": True,
    },
    "kubernetes": {
        "namespace": "storage",
        "context": "prod",
        "service": "kv",
        "cluster_domain": "k8s.example.org",
        "image": "registry.example.org:5000/mirror/etcd",
        "storage": {"storage_class": "local-path", "size": "20Gi"},
        "resources": {"cpu": "2", "memory": "6Gi"},
        "spread": "preferred",
        "priority_class": "etcd",
        "clients": {"namespaces": ["kube-system", "apps"], "networks": ["10.0.0.0/8", "fd00::1"]},
        "metrics": {"namespaces": ["monitoring"]},
    },
}


def stack_file(nodes: int = 3, **settings: Any) -> dict[str, Any]:
    """A stack file's cluster object with members etcd0, etcd1, …; `settings` on top."""
    return {
        "name": "t",
        "version": "3.6.16",
        "transport": "kubernetes",
        "kubernetes": {"namespace": "etcd"},
        "consumers": ["apiserver"],
        "nodes": {f"etcd{n}": {} for n in range(nodes)},
        **settings,
    }


def first_member(**settings: Any) -> Member:
    """The first member of such a cluster."""
    return first_of(stack_file(**settings))


def first_of(raw: dict[str, Any]) -> Member:
    """The first member that a stack file names."""
    return pods_of(load(raw), PROJECT)[0]


def place_of(member: Member) -> Kubernetes:
    """Where its cluster lives."""
    assert member.cluster.kubernetes
    return member.cluster.kubernetes


def in_place(**settings: Any) -> Member:
    """The first member of a cluster with these settings of `kubernetes`."""
    return first_member(kubernetes={"namespace": "etcd", **settings})


def record_of(member: Member) -> BootstrapRecord:
    """As remembered when the cluster was created with the members it has."""
    nodes = member.cluster.resolved_nodes()
    return BootstrapRecord("etcd-cluster-t", {node.name: node.peer_url for node in nodes})
