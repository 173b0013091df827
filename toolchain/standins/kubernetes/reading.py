"""Reads an object as it is now, for a refresh or an import."""

from __future__ import annotations

from typing import Any, NamedTuple

from toolchain.standins.kubernetes import checkpoint
from toolchain.standins.kubernetes.annotations import SKIP_AWAIT, is_set
from toolchain.standins.kubernetes.call import Call
from toolchain.standins.kubernetes.checking import READ_ONLY
from toolchain.standins.kubernetes.cluster import Cluster
from toolchain.standins.kubernetes.errors import InitFailedError, KindNotServedError
from toolchain.standins.kubernetes.explaining import reasons
from toolchain.standins.kubernetes.objects import Object, full_name
from toolchain.standins.kubernetes.readiness import Progress
from toolchain.standins.kubernetes.refreshed import refreshed
from toolchain.standins.kubernetes.secrecy import concealed, marked
from toolchain.standins.kubernetes.waiting import awaited, judged
from toolchain.standins.wire import bare

Properties = dict[str, Any]


class Found(NamedTuple):
    """An object that is there."""

    state: Properties
    inputs: Properties


def split_id(resource_id: str) -> tuple[str, str]:
    """Namespace, which may be empty, and name."""
    namespace, _, name = resource_id.rpartition("/")
    return namespace, name


def read(
    cluster: Cluster, call: Call, resource_id: str, state: Properties, inputs: Properties
) -> Found | None:
    """The object, None if it is gone. Raises InitFailedError where it is there but not ready."""
    namespace, name = split_id(resource_id)
    try:
        live = cluster.get(call.kind, namespace, name)
    except KindNotServedError:
        return None
    if live is None:
        return None
    manager = checkpoint.manager_of(inputs, state)
    if not inputs:
        imported = concealed(_as_inputs(live))
        return Found(checkpoint.made(imported, live, manager), imported)
    now = marked(refreshed(bare(inputs), checkpoint.live_of(state), live), inputs)
    found = Found(checkpoint.made(now, live, manager), now)
    if awaited(call.kind) and not is_set(bare(inputs), SKIP_AWAIT):
        _require_ready(cluster, call, live, found)
    return found


def _as_inputs(live: Object) -> Properties:
    """What a program would have to say to make the object."""
    metadata = live.get("metadata", {})
    kept = {name: part for name, part in metadata.items() if name not in READ_ONLY}
    return {**{name: part for name, part in live.items() if name != "status"}, "metadata": kept}


def _require_ready(cluster: Cluster, call: Call, live: Object, found: Found) -> None:
    verdict = judged(cluster, call.kind, live)
    if verdict.progress is not Progress.READY:
        message = f"{call.kind.name} {full_name(live)} is not ready: {verdict.reason}"
        why = [message, *reasons(cluster, call.kind, live)]
        raise InitFailedError(message, why, full_name(live), *found)
