"""The StatefulSet of a member: one replica, so each member has a name and a turn of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from components.member.member import BootstrapRecord, Member
from components.pods.manifests.names import PREFIX, VOLUME_CLAIM, labels
from components.pods.manifests.pod import pod_labels, pod_spec
from components.spec.models.kubernetes import Kubernetes


def stateful_set(
    member: Member, record: BootstrapRecord, pods: Kubernetes, bundle: str
) -> dict[str, Any]:
    """Its template says by an annotation with what a pod's process was started, trust bundle
    included. A change of it ends no pod (OnDelete): a script does, through the gate."""
    return {
        "replicas": 1,
        "serviceName": pods.service,
        "podManagementPolicy": "Parallel",
        "updateStrategy": {"type": "OnDelete"},
        "persistentVolumeClaimRetentionPolicy": _retention(member),
        "selector": {"matchLabels": pod_labels(member)},
        "template": pod_template(member, record, pods, bundle),
        "volumeClaimTemplates": [_claim(member, pods)],
    }


def pod_template(
    member: Member, record: BootstrapRecord, pods: Kubernetes, bundle: str
) -> dict[str, Any]:
    """The template with its digest."""
    spec = pod_spec(member, record, pods)
    return {
        "metadata": {
            "labels": pod_labels(member),
            "annotations": {
                f"{PREFIX}/cold": cold_digest(member, spec, bundle),
                f"{PREFIX}/trusted": ",".join(map(str, member.cluster.pki.trusted)),
                f"{PREFIX}/version": member.version,
            },
        },
        "spec": spec,
    }


def cold_of(template: Mapping[str, Any]) -> str:
    """The digest in a template of this project's."""
    return str(template["metadata"]["annotations"][f"{PREFIX}/cold"])


def cold_digest(member: Member, spec: Mapping[str, Any], bundle: str) -> str:
    """Changes with whatever a running member takes only by a restart. etcd reads its trust bundle
    when it starts."""
    parts = {"spec": spec, "labels": pod_labels(member), "bundle": bundle}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _retention(member: Member) -> dict[str, str]:
    """Data goes with the stack only where it may be lost."""
    wiped = "Delete" if member.cluster.on_destroy == "wipe" else "Retain"
    return {"whenDeleted": wiped, "whenScaled": "Retain"}


def _claim(member: Member, pods: Kubernetes) -> dict[str, Any]:
    storage = pods.storage
    named = {"storageClassName": storage.storage_class} if storage.storage_class else {}
    return {
        "metadata": {"name": VOLUME_CLAIM, "labels": labels(member.cluster)},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            **named,
            "resources": {"requests": {"storage": storage.size}},
        },
    }
