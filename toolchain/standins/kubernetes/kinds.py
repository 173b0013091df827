"""What a resource type says: `kubernetes:apps/v1:StatefulSet` is a group, a version and a kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolchain.standins.kubernetes.errors import KubernetesError

_TOKEN = re.compile(r"kubernetes:([^/:]+)/([^/:]+):([A-Za-z0-9]+)")

CLUSTER_SCOPED = {
    "": {"ComponentStatus", "Namespace", "Node", "PersistentVolume"},
    "admissionregistration.k8s.io": None,
    "apiextensions.k8s.io": None,
    "apiregistration.k8s.io": None,
    "certificates.k8s.io": None,
    "flowcontrol.apiserver.k8s.io": None,
    "internal.apiserver.k8s.io": None,
    "networking.k8s.io": {"IngressClass", "IPAddress", "ServiceCIDR"},
    "node.k8s.io": None,
    "rbac.authorization.k8s.io": {"ClusterRole", "ClusterRoleBinding"},
    "resource.k8s.io": {"DeviceClass", "ResourceSlice"},
    "scheduling.k8s.io": None,
    "storage.k8s.io": {"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"},
}
"""The kinds of each group that are in no namespace; None for all of them."""

_OWN_GROUPS = {
    *CLUSTER_SCOPED,
    *("apps", "autoscaling", "batch", "extensions", "policy", "authentication.k8s.io"),
    *("authorization.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of object. The core group is the empty text."""

    group: str
    version: str
    name: str

    def __str__(self) -> str:
        return f"{self.api_version}/{self.name}"

    @property
    def api_version(self) -> str:
        """As it stands in an object."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def known(self) -> bool:
        """Whether it is one of Kubernetes' own, which need no look at the cluster."""
        return self.group in _OWN_GROUPS

    @property
    def namespaced(self) -> bool:
        """Whether its objects are in namespaces; True of a kind that is not Kubernetes' own."""
        if self.group not in CLUSTER_SCOPED:
            return True
        without = CLUSTER_SCOPED[self.group]
        return without is not None and self.name not in without


def of_urn(urn: str) -> Kind:
    """The kind of a resource, by `…::<parent types>$<type>::<name>`. Raises KubernetesError."""
    token = urn.split("::")[2].rpartition("$")[2]
    found = _TOKEN.fullmatch(token)
    if not found or found[1] in {"helm.sh", "yaml", "kustomize"}:
        raise KubernetesError(
            f"the stand-in for the kubernetes plugin has no resource type {token}: "
            "it has single objects only, no charts, YAML files or folders of them"
        )
    group, version, name = found.groups()
    kind = Kind("" if group == "core" else group, version, name)
    if kind.known:
        _refuse_types_without_a_kind(token)
    return kind


def _refuse_types_without_a_kind(token: str) -> None:
    """The SDK has types that are no kinds of the cluster, beside Kubernetes' own ones."""
    if token.endswith("List"):
        raise KubernetesError(
            "list resources exist for compatibility with YAML manifests and Helm charts, "
            "and cannot be created directly. Use the underlying resource type instead"
        )
    if token.endswith("Patch"):
        raise KubernetesError(f"the stand-in for the kubernetes plugin has no patches: {token}")
