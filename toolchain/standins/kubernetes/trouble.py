"""What keeps a pod from being ready, in the words of whoever noticed."""

from __future__ import annotations

from toolchain.standins.kubernetes.objects import (
    Object,
    condition_is,
    full_name,
    items,
    why,
    within,
)
from toolchain.standins.kubernetes.readiness import pod_is_ready

_ORDINARY = {"ContainerCreating", "PodInitializing"}


def of_pod(pod: Object) -> list[str]:
    """The reasons, each with the pod's name; none for a pod that is ready."""
    if pod_is_ready(pod):
        return []
    found = [*_not_scheduled(pod), *_of_containers(pod)]
    if not found:
        status = within(pod, "status") or {}
        found = [why(status) or f"phase {status.get('phase', 'unknown')}, not ready"]
    return [f"pod {full_name(pod)}: {reason}" for reason in found]


def failing(pod: Object) -> list[str]:
    """The containers that have run, so that they may have said why they do not serve."""
    return [
        str(status.get("name"))
        for status in _container_statuses(pod)
        if not status.get("ready") and _of_container(status) and _has_run(status)
    ]


def of_events(events: list[Object], most: int) -> list[str]:
    """The newest warnings, oldest first, each once."""
    warnings = [event for event in events if event.get("type") == "Warning"]
    warnings.sort(key=_time_of)
    said = [f"{why(event)}" for event in warnings]
    return list(dict.fromkeys(reversed(said)))[:most][::-1]


def _not_scheduled(pod: Object) -> list[str]:
    unscheduled = condition_is(pod, "PodScheduled", "False")
    return [why(unscheduled)] if unscheduled else []


def _of_containers(pod: Object) -> list[str]:
    found = []
    for status in _container_statuses(pod):
        if reason := _of_container(status):
            found.append(f"container {status.get('name')}: {reason}")
    return found


def _of_container(status: Object) -> str:
    waiting = within(status, "state", "waiting") or {}
    ended = within(status, "state", "terminated") or {}
    if waiting.get("reason") in _ORDINARY:
        return str(waiting["reason"])
    if ended:
        return "" if ended.get("exitCode") == 0 else _end(ended)
    if status.get("ready"):
        return ""
    last = within(status, "lastState", "terminated")
    now = why(waiting) or "runs, but is not ready"
    return now + (f" (last time {_end(last)})" if last else "")


def _has_run(status: Object) -> bool:
    ways = (("state", "running"), ("state", "terminated"), ("lastState", "terminated"))
    return any(within(status, *way) is not None for way in ways)


def _end(ended: Object) -> str:
    """How a container ended; its message is the end of its log, where the pod asks for that."""
    reason, message = str(ended.get("reason") or ""), str(ended.get("message") or "").strip()
    parts = [f"ended with {ended.get('exitCode')}"]
    parts += [reason] if reason not in {"", "Error"} else []
    parts += [message] if message else []
    return ": ".join(parts)


def _container_statuses(pod: Object) -> list[Object]:
    return [
        *items(pod, "status", "initContainerStatuses"),
        *items(pod, "status", "containerStatuses"),
    ]


def _time_of(event: Object) -> str:
    times = (event.get(key) for key in ("lastTimestamp", "eventTime", "firstTimestamp"))
    return next((str(time) for time in times if time), "")
