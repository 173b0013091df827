"""Volumes: folders on each node's own disk, bound where a pod is placed. Pure.

Nobody clears a volume that was let go: the next claim gets an empty one, of any node. So there are
as many as all clusters of a lab's life need.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

# On the node, a folder by number in it for each volume.
FOLDER = "/var/lib/volumes"
VOLUMES = 24
STORAGE_CLASS = "local"
_HOST = "kubernetes.io/hostname"


def objects(nodes: Iterable[str]) -> str:
    """The default storage class and every volume of the nodes, for `kubectl create`."""
    volumes = [_volume(node, number) for node in nodes for number in range(VOLUMES)]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": [_class(), *volumes]})


def _class() -> dict[str, Any]:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": STORAGE_CLASS,
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": "kubernetes.io/no-provisioner",
        "volumeBindingMode": "WaitForFirstConsumer",
    }


def _volume(node: str, number: int) -> dict[str, Any]:
    here = {"key": _HOST, "operator": "In", "values": [node]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"{node}-{number}"},
        "spec": {
            "capacity": {"storage": "10Gi"},
            "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": STORAGE_CLASS,
            "local": {"path": f"{FOLDER}/{number}"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [here]}]}},
        },
    }
