"""Which changes make a new object: those that the API server refuses, and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toolchain.standins.kubernetes.kinds import Kind

Path = tuple[str | int, ...]
"""Where a change is: names of members and positions in lists."""
Pattern = tuple[str, ...]
"""Where changes replace; `*` is any position."""

_SELECTOR = ("spec.selector",)
_BINDING = ("roleRef",)
_JOB = ("spec.completions", "spec.parallelism", "spec.selector", "spec.template")
_STATEFUL_SET = (
    *("spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector"),
    *("spec.serviceName", "spec.volumeClaimTemplates"),
)
_VOLUME_SOURCES = (
    *("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc"),
    *("flexVolume", "flocker", "gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local"),
    *("nfs", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd", "scaleIO"),
    *("storageos", "vsphereVolume"),
)
_CLAIM = ("spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName")
_OF_A_POD = (
    *("affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy", "enableServiceLinks"),
    *("hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostname", "imagePullSecrets"),
    *("nodeName", "nodeSelector", "overhead", "preemptionPolicy", "priority"),
    *("priorityClassName", "readinessGates", "restartPolicy", "runtimeClassName"),
    *("schedulerName", "securityContext", "serviceAccount", "serviceAccountName"),
    *("shareProcessNamespace", "subdomain", "terminationGracePeriodSeconds", "volumes"),
)
_OF_A_CONTAINER = (
    *("args", "command", "env", "image", "imagePullPolicy", "lifecycle", "livenessProbe"),
    *("ports", "readinessProbe", "resources", "securityContext", "stdin", "stdinOnce"),
    *("terminationMessagePath", "terminationMessagePolicy", "tty", "volumeDevices"),
    *("volumeMounts", "workingDir"),
)
_POD = (
    *(f"spec.{field}" for field in _OF_A_POD),
    *(
        f"spec.{containers}.*.{field}"
        for containers in ("containers", "initContainers")
        for field in _OF_A_CONTAINER
    ),
)

_BY_KIND: Mapping[tuple[str, str], Sequence[str]] = {
    ("", "PersistentVolume"): [f"spec.{source}" for source in _VOLUME_SOURCES],
    ("", "PersistentVolumeClaim"): _CLAIM,
    ("", "Pod"): _POD,
    ("", "ResourceQuota"): ("spec.scopes",),
    ("", "Secret"): ("type",),
    ("", "Service"): ("spec.clusterIP",),
    ("apps", "DaemonSet"): _SELECTOR,
    ("apps", "Deployment"): _SELECTOR,
    ("apps", "StatefulSet"): _STATEFUL_SET,
    ("batch", "Job"): _JOB,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _BINDING,
    ("rbac.authorization.k8s.io", "RoleBinding"): _BINDING,
    ("storage.k8s.io", "StorageClass"): ("parameters", "provisioner"),
}
_CONTENT: Mapping[str, Sequence[str]] = {
    "Secret": ("data", "stringData"),
    "ConfigMap": ("binaryData", "data"),
}


def patterns(kind: Kind, inputs: Mapping[str, Any], *, content_mutable: bool) -> list[Pattern]:
    """Where a change of an object with these new inputs replaces it.

    `content_mutable`: whether the data of this Secret or ConfigMap may change in place, which
    it may not where the object itself says that it is immutable.
    """
    replacing = ["metadata.name", "metadata.namespace", *_BY_KIND.get((kind.group, kind.name), ())]
    if kind.group == "" and (not content_mutable or inputs.get("immutable") is True):
        replacing += _CONTENT.get(kind.name, ())
    return [tuple(place.split(".")) for place in replacing]


def touches(pattern: Pattern, path: Path, old: Any, new: Any) -> bool:
    """Whether a change of the value at the path changes what the pattern is about."""
    for want, have in zip(pattern, path, strict=False):
        if want != ("*" if isinstance(have, int) else have):
            return False
    rest = pattern[len(path) :]
    return not rest or _all_at(rest, old) != _all_at(rest, new)


def _all_at(rest: Pattern, value: Any) -> list[Any]:
    """Every value below this one that the rest of a pattern leads to."""
    if not rest:
        return [value]
    if rest[0] == "*":
        parts = value if isinstance(value, list) else []
        return [found for part in parts for found in _all_at(rest[1:], part)]
    if isinstance(value, Mapping) and rest[0] in value:
        return _all_at(rest[1:], value[rest[0]])
    return []
