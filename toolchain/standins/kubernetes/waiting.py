"""Waits until an object is ready, or gone."""

from __future__ import annotations

from toolchain.standins.enginelog import ResourceLog
from toolchain.standins.kubernetes import readiness
from toolchain.standins.kubernetes.cluster import Cluster
from toolchain.standins.kubernetes.errors import (
    SERVER_ERROR,
    ApiError,
    KubernetesError,
    NotReadyError,
    UnreachableError,
)
from toolchain.standins.kubernetes.explaining import reasons
from toolchain.standins.kubernetes.kinds import ENDPOINT_SLICE, SERVICE, STATEFUL_SET, Kind
from toolchain.standins.kubernetes.objects import (
    Object,
    full_name,
    name_of,
    namespace_of,
    why,
    within,
)
from toolchain.standins.kubernetes.patience import Patience
from toolchain.standins.kubernetes.readiness import Progress, Verdict

POLL_S = 0.5


def judged(cluster: Cluster, kind: Kind, live: Object) -> Verdict:
    """How far the object is; most kinds are at once what they are for."""
    if kind == STATEFUL_SET:
        return readiness.stateful_set(live)
    if kind == SERVICE:
        return readiness.service(live, _slices(cluster, live))
    return readiness.READY


def until_ready(
    cluster: Cluster, kind: Kind, live: Object, patience: Patience, log: ResourceLog
) -> Object:
    """The object as it is when it is ready. Raises NotReadyError with what it lacks, and why."""
    shown = ""
    while True:
        live, verdict = _look(cluster, kind, live)
        if verdict.progress is Progress.READY:
            return live
        if verdict.progress is Progress.FAILED or patience.over:
            raise _not_ready(cluster, kind, live, verdict, patience)
        if verdict.reason != shown:
            log.status(verdict.reason)
            shown = verdict.reason
        patience.pause(POLL_S)


def until_gone(
    cluster: Cluster, kind: Kind, live: Object, patience: Patience, log: ResourceLog
) -> None:
    """Return when the object, or the one of that name that was meant, is no more."""
    shown = ""
    uid = within(live, "metadata", "uid")
    while True:
        now, trouble = _still_there(cluster, kind, live)
        if now is None or within(now, "metadata", "uid") != uid:
            return
        if patience.over:
            ended = _how_it_ended(patience)
            raise KubernetesError(f"{kind.name} {full_name(live)} is not gone {ended}: {trouble}")
        if trouble != shown:
            log.status(trouble)
            shown = trouble
        patience.pause(POLL_S)


def _slices(cluster: Cluster, service: Object) -> list[Object]:
    if not readiness.needs_endpoints(service):
        return []
    label = f"kubernetes.io/service-name={name_of(service)}"
    return cluster.list(ENDPOINT_SLICE, namespace_of(service), label_selector=label)


def _look(cluster: Cluster, kind: Kind, before: Object) -> tuple[Object, Verdict]:
    """The object and how far it is. An API server may be away for a moment."""
    try:
        live = cluster.get(kind, namespace_of(before), name_of(before))
        if live is None:
            return before, readiness.failed("it was deleted meanwhile")
        return live, judged(cluster, kind, live)
    except KubernetesError as error:
        if _may_pass(error):
            return before, readiness.waiting(str(error))
        raise


def _still_there(cluster: Cluster, kind: Kind, live: Object) -> tuple[Object | None, str]:
    """The object if it is still there, and what is known of why."""
    try:
        now = cluster.get(kind, namespace_of(live), name_of(live))
    except KubernetesError as error:
        if _may_pass(error):
            return live, str(error)
        raise
    return now, _what_holds(now or {})


def _what_holds(live: Object) -> str:
    """What an object's end waits for: finalizers; a namespace says which of its content is left."""
    holders = within(live, "metadata", "finalizers") or within(live, "spec", "finalizers") or []
    said = [f"finalizers {', '.join(holders)}"] if holders else []
    for condition in within(live, "status", "conditions") or []:
        if condition.get("type", "").startswith("Namespace") and condition["status"] == "True":
            said.append(why(condition))
    return "; ".join(said) or "waiting for its end"


def _may_pass(error: KubernetesError) -> bool:
    return isinstance(error, UnreachableError) or (
        isinstance(error, ApiError) and error.status >= SERVER_ERROR
    )


def _not_ready(
    cluster: Cluster, kind: Kind, live: Object, verdict: Verdict, patience: Patience
) -> NotReadyError:
    found = [verdict.reason, *reasons(cluster, kind, live)]
    if verdict.progress is Progress.FAILED:
        message = f"{kind.name} {full_name(live)} failed"
    else:
        message = f"{kind.name} {full_name(live)} is not ready {_how_it_ended(patience)}"
    return NotReadyError(message, found, live)


def _how_it_ended(patience: Patience) -> str:
    if patience.interrupted:
        return "when the wait was interrupted"
    return f"after {patience.seconds:g} s"
