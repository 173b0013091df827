"""What an object would be, by a dry run on the server."""

from __future__ import annotations

from typing import Any

from toolchain.standins.kubernetes import checkpoint
from toolchain.standins.kubernetes.applying import Applying, Properties
from toolchain.standins.kubernetes.call import Call
from toolchain.standins.kubernetes.cluster import Cluster
from toolchain.standins.kubernetes.errors import (
    FORBIDDEN,
    NOT_FOUND,
    ApiError,
    KubernetesError,
    UnreachableError,
)
from toolchain.standins.kubernetes.objects import Object, name_of, namespace_of, within
from toolchain.standins.wire import bare, has_unknown

# A dry run makes these up, and the real one makes up others.
_OF_THE_MOMENT = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "uid")
_ADDRESSES = ("clusterIP", "clusterIPs", "healthCheckNodePort")


class Previewing:
    """Shows what would become of objects in one cluster; where it cannot, it shows the inputs."""

    def __init__(self, cluster: Cluster, applying: Applying) -> None:
        self._cluster = cluster
        self._applying = applying

    def create(self, call: Call, inputs: Properties) -> Properties:
        """The state after a create, without what only the real one can tell.

        An object that exists is one to be replaced, which would refuse what its successor is.
        """
        body = bare(inputs)
        if has_unknown(body) or not self._free(call, body):
            return inputs
        manager = checkpoint.manager_of({})
        live = self._dry_run(call, body, manager)
        if live is None:
            return inputs
        return checkpoint.made(inputs, _without_guesses(live, body), manager)

    def update(self, call: Call, state: Properties, inputs: Properties) -> Properties:
        """The state after an update."""
        body = bare(inputs)
        manager = checkpoint.manager_of(state)
        live = None if has_unknown(body) else self._dry_run(call, body, manager)
        return inputs if live is None else checkpoint.made(inputs, live, manager)

    def _free(self, call: Call, body: Object) -> bool:
        """Whether the name is free; unknown counts as taken."""
        try:
            return self._cluster.get(call.kind, namespace_of(body), name_of(body)) is None
        except KubernetesError:
            return False

    def _dry_run(self, call: Call, body: Object, manager: str) -> Object | None:
        """The object, None where the cluster cannot tell yet. Raises what an `up` would raise."""
        try:
            return self._applying.applied(call, body, manager, dry_run=True)
        except UnreachableError:
            return None
        except ApiError as error:
            if error.status in {FORBIDDEN, NOT_FOUND}:
                return None
            raise


def _without_guesses(live: Object, body: Object) -> Object:
    result = {name: part for name, part in live.items() if name != "status"}
    metadata = live.get("metadata", {})
    result["metadata"] = {n: part for n, part in metadata.items() if n not in _OF_THE_MOMENT}
    if live.get("kind") == "Service" and live.get("apiVersion") == "v1":
        result["spec"] = _without_addresses(live.get("spec", {}), body)
    return result


def _without_addresses(spec: dict[str, Any], body: Object) -> dict[str, Any]:
    """A service's spec without the addresses that the program leaves to the cluster."""
    given = within(body, "spec") or {}
    kept = {name: part for name, part in spec.items() if name in given or name not in _ADDRESSES}
    if "ports" in given:
        kept["ports"] = given["ports"]
    return kept
