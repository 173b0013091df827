"""Stack files for pods: a small good one, one with every setting, and changes to the small one."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.spec.stack_files import put

KUBECONFIG = json.dumps({"kind": "Config", "clusters": [{"name": "prod"}]})

PODS: dict[str, Any] = {
    "name": "prod",
    "version": "3.6.16",
    "transport": "kubernetes",
    "kubernetes": {"namespace": "etcd"},
    "nodes": {"etcd0": {}, "etcd1": {}, "etcd2": {}},
}


def pods(*changes: tuple[str, Any]) -> dict[str, Any]:
    """That stack file with values put at dotted paths; `...` removes what is there."""
    raw = copy.deepcopy(PODS)
    for path, value in changes:
        put(raw, path.split("."), copy.deepcopy(value))
    return raw


# Every setting of a cluster of pods.
FULL_PODS = pods(
    ("runtime", "pod"),
    ("metrics", {"scheme": "http", "port": 2382}),
    ("client_port", 4001),
    ("names", ["etcd.example.org"]),
    (
        "nodes.etcd1",
        {"names": ["*.example.org"], "log_level": "debug", "flags": {"pre-vote": True}},
    ),
    (
        "kubernetes",
        {
            "namespace": "storage",
            "kubeconfig": KUBECONFIG,
            "context": "admin@prod",
            "service": "kv",
            "cluster_domain": "k8s.example.org",
            "image": "registry.example.org:5000/mirror/etcd",
            "storage": {"storage_class": "rook-ceph.block", "size": "20Gi"},
            "resources": {"cpu": "1.5", "memory": "4G"},
            "spread": "preferred",
            "start_timeout_s": 600,
            "priority_class": "system-cluster-critical",
            "clients": {"namespaces": ["kube-system"], "networks": ["10.0.0.0/8", "2001:db8::7"]},
            "metrics": {"namespaces": ["monitoring"]},
        },
    ),
)
