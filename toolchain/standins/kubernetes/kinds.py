"""What a resource type says: `kubernetes:apps/v1:StatefulSet` is a group, a version and a kind."""

from __future__ import annotations

from dataclasses import dataclass

from toolchain.standins.kubernetes.errors import KubernetesError


@dataclass(frozen=True)
class Kind:
    """A kind of object, and where the API server keeps its objects. The core group is empty."""

    group: str
    version: str
    name: str
    plural: str
    namespaced: bool = True

    @property
    def api_version(self) -> str:
        """As it stands in an object."""
        return f"{self.group}/{self.version}" if self.group else self.version


NAMESPACE = Kind("", "v1", "Namespace", "namespaces", namespaced=False)
SECRET = Kind("", "v1", "Secret", "secrets")
CONFIG_MAP = Kind("", "v1", "ConfigMap", "configmaps")
SERVICE = Kind("", "v1", "Service", "services")
CLAIM = Kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims")
STATEFUL_SET = Kind("apps", "v1", "StatefulSet", "statefulsets")
BUDGET = Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets")
POLICY = Kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies")
# Looked at, to tell how the others are; not made.
POD = Kind("", "v1", "Pod", "pods")
EVENT = Kind("", "v1", "Event", "events")
ENDPOINT_SLICE = Kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices")

_MADE = {
    f"kubernetes:{kind.group or 'core'}/{kind.version}:{kind.name}": kind
    for kind in (NAMESPACE, SECRET, CONFIG_MAP, SERVICE, CLAIM, STATEFUL_SET, BUDGET, POLICY)
}


def of_urn(urn: str) -> Kind:
    """The kind of a resource, by `…::<parent types>$<type>::<name>`. Raises KubernetesError."""
    token = urn.split("::")[2].rpartition("$")[2]
    if token not in _MADE:
        names = ", ".join(kind.name for kind in _MADE.values())
        raise KubernetesError(
            f"the stand-in for the kubernetes plugin has no resource type {token}, only {names}"
        )
    return _MADE[token]
