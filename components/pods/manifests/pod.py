"""The pod of a member."""

from __future__ import annotations

from typing import Any

from components.member.flags import cold_flags, etcd_flags, flag_text, flag_texts
from components.member.member import BootstrapRecord, Member
from components.pods.layout import PKI, VOLUME
from components.pods.manifests.names import (
    CONTAINER,
    VOLUME_CLAIM,
    entry_map,
    labels,
    member_labels,
    pki_secret,
)
from components.pods.manifests.services import metrics_port
from components.spec.models.kubernetes import Kubernetes

# Any number but root's: the image has no users, and volumes get this group.
USER_ID = 10001
# A stopped member says goodbye in less than a second; a slow disk may need longer.
GRACE_S = 30
# They change from start to start, or with what a volume holds, so the entry map has them.
_FROM_ENVIRONMENT = frozenset({"data-dir", "initial-cluster", "initial-cluster-state"})


def pod_spec(member: Member, record: BootstrapRecord, pods: Kubernetes) -> dict[str, Any]:
    """What runs etcd, with nothing that it does not need."""
    return {
        "automountServiceAccountToken": False,
        # They would be variables named ETCD_…, which etcd takes for its own.
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": GRACE_S,
        **({"priorityClassName": pods.priority_class} if pods.priority_class else {}),
        "affinity": {"podAntiAffinity": _apart(member, pods)},
        "topologySpreadConstraints": [_over_zones(member)],
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER_ID,
            "runAsGroup": USER_ID,
            "fsGroup": USER_ID,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(member, record, pods)],
        "volumes": [
            {
                "name": "pki",
                "secret": {"secretName": pki_secret(member.name), "defaultMode": 0o440},
            }
        ],
    }


def arguments(member: Member, record: BootstrapRecord) -> list[str]:
    """etcd's command line. Kubernetes reads `$(…)` in it, and `$$` as a dollar."""
    flags = etcd_flags(member, record, "existing")
    return [
        f"--{name}={flag_text(value)}".replace("$", "$$")
        for name, value in flags.items()
        if name not in _FROM_ENVIRONMENT
    ]


def flags_shown(member: Member) -> dict[str, str]:
    """The flags whose change costs a restart, for a reviewer."""
    flags = flag_texts(cold_flags(member))
    return {
        f"--{name}": value for name, value in sorted(flags.items()) if name not in _FROM_ENVIRONMENT
    }


def image(member: Member, pods: Kubernetes) -> str:
    """Repository and tag."""
    return f"{pods.image}:v{member.version}"


def _container(member: Member, record: BootstrapRecord, pods: Kubernetes) -> dict[str, Any]:
    node = member.node
    return {
        "name": CONTAINER,
        "image": image(member, pods),
        "imagePullPolicy": "IfNotPresent",
        "command": ["etcd", *arguments(member, record)],
        "envFrom": [{"configMapRef": {"name": entry_map(member.name)}}],
        "ports": [
            {"name": "client", "containerPort": node.client_port, "protocol": "TCP"},
            {"name": "peer", "containerPort": node.peer_port, "protocol": "TCP"},
            {"name": "metrics", "containerPort": metrics_port(node), "protocol": "TCP"},
        ],
        # A member that waits for the others, reads a large database or defragments it is not to be
        # ended: /livez is a read, which waits as well.
        "startupProbe": _probe("/livez", period_s=1, failures=3600),
        "livenessProbe": _probe("/livez", period_s=10, failures=60),
        "readinessProbe": _probe("/readyz", period_s=2, failures=3),
        "resources": {
            "requests": {"cpu": pods.resources.cpu, "memory": pods.resources.memory},
            "limits": {"memory": pods.resources.memory},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": VOLUME_CLAIM, "mountPath": str(VOLUME)},
            {"name": "pki", "mountPath": str(PKI), "readOnly": True},
        ],
    }


def _probe(path: str, period_s: int, failures: int) -> dict[str, Any]:
    return {
        "httpGet": {"path": path, "port": "metrics", "scheme": "HTTP"},
        "periodSeconds": period_s,
        "timeoutSeconds": 5,
        "failureThreshold": failures,
    }


def _apart(member: Member, pods: Kubernetes) -> dict[str, Any]:
    """No two members on a node."""
    term = {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": labels(member.cluster)},
    }
    if pods.spread == "required":
        return {"requiredDuringSchedulingIgnoredDuringExecution": [term]}
    weighed = {"weight": 100, "podAffinityTerm": term}
    return {"preferredDuringSchedulingIgnoredDuringExecution": [weighed]}


def _over_zones(member: Member) -> dict[str, Any]:
    """As evenly as the zones allow: a cluster in one zone is better than none."""
    return {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": labels(member.cluster)},
    }


def pod_labels(member: Member) -> dict[str, str]:
    """What the pod is selected by."""
    return member_labels(member.cluster, member.name)
