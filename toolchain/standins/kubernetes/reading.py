"""Reads an object as it is now, for a refresh."""

from __future__ import annotations

from typing import Any, NamedTuple

from toolchain.standins.kubernetes import checkpoint
from toolchain.standins.kubernetes.annotations import SKIP_AWAIT, is_set
from toolchain.standins.kubernetes.call import Call
from toolchain.standins.kubernetes.cluster import Cluster
from toolchain.standins.kubernetes.errors import InitFailedError, KubernetesError
from toolchain.standins.kubernetes.explaining import reasons
from toolchain.standins.kubernetes.objects import Object, full_name, split_id
from toolchain.standins.kubernetes.readiness import Progress
from toolchain.standins.kubernetes.refreshed import refreshed
from toolchain.standins.kubernetes.secrecy import concealed, marked
from toolchain.standins.kubernetes.waiting import judged
from toolchain.standins.wire import bare

Properties = dict[str, Any]


class Found(NamedTuple):
    """An object that is there."""

    state: Properties
    inputs: Properties


def read(
    cluster: Cluster, call: Call, resource_id: str, state: Properties, inputs: Properties
) -> Found | None:
    """The object, None if it is gone. Raises InitFailedError where it is there but not ready."""
    if not inputs:
        raise KubernetesError("the stand-in for the kubernetes plugin imports no objects")
    live = cluster.get(call.kind, *split_id(resource_id))
    if live is None:
        return None
    now = concealed(marked(refreshed(bare(inputs), checkpoint.live_of(state), live), inputs))
    found = Found(checkpoint.made(now, live, checkpoint.manager_of(state)), now)
    if not is_set(bare(inputs), SKIP_AWAIT):
        _require_ready(cluster, call, live, found)
    return found


def _require_ready(cluster: Cluster, call: Call, live: Object, found: Found) -> None:
    verdict = judged(cluster, call.kind, live)
    if verdict.progress is not Progress.READY:
        message = f"{call.kind.name} {full_name(live)} is not ready: {verdict.reason}"
        why = [message, *reasons(cluster, call.kind, live)]
        raise InitFailedError(message, why, full_name(live), *found)
