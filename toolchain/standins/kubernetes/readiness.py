"""Whether an object has come to what it is for, judged by its status alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from toolchain.standins.kubernetes.kinds import Kind
from toolchain.standins.kubernetes.objects import Object, condition_is, count, items, why, within


class Progress(Enum):
    """How far an object is. FAILED is for good."""

    READY = "ready"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True)
class Verdict:
    """How far an object is, and what is missing."""

    progress: Progress
    reason: str = ""


READY = Verdict(Progress.READY)
Judge = Callable[[Object], Verdict]


def waiting(reason: str) -> Verdict:
    """Not yet."""
    return Verdict(Progress.WAITING, reason)


def failed(reason: str) -> Verdict:
    """Never."""
    return Verdict(Progress.FAILED, reason)


def judge_of(kind: Kind) -> Judge | None:
    """What judges objects of the kind; None for those that are what they are at once."""
    return _JUDGES.get((kind.group, kind.name))


def stateful_set(live: Object) -> Verdict:
    """Rolled out: every replica is of the newest revision and ready, and none is too many.

    Replicas below a partition keep their revision, and so do all with the strategy OnDelete.
    """
    if not _observed(live):
        return waiting("the controller has not seen the change yet")
    replicas = _replicas(live)
    strategy = within(live, "spec", "updateStrategy")
    wanted = max(0, replicas - count(strategy, "rollingUpdate", "partition"))
    if within(strategy, "type") == "OnDelete":
        wanted = 0
    updated, present, ready = (
        count(live, "status", name) for name in ("updatedReplicas", "replicas", "readyReplicas")
    )
    if present > replicas:
        return waiting(f"{present} replicas, {replicas} wanted")
    if updated < wanted:
        return waiting(f"{updated} of {wanted} replicas updated")
    if ready < replicas:
        return waiting(f"{ready} of {replicas} replicas ready")
    return READY


def deployment(live: Object) -> Verdict:
    """Rolled out: every replica is of the newest revision and available, and no old one is left."""
    if not _observed(live):
        return waiting("the controller has not seen the change yet")
    progressing = condition_is(live, "Progressing", "False")
    if progressing and progressing.get("reason") == "ProgressDeadlineExceeded":
        return failed(why(progressing))
    replicas = _replicas(live)
    updated, present, available = (
        count(live, "status", name) for name in ("updatedReplicas", "replicas", "availableReplicas")
    )
    if updated < replicas:
        return waiting(f"{updated} of {replicas} replicas updated")
    if present > updated:
        return waiting(f"{present - updated} old replicas left")
    if available < updated:
        return waiting(f"{available} of {updated} replicas available")
    return READY


def daemon_set(live: Object) -> Verdict:
    """Rolled out: each node that should have a pod has one of the newest revision, available."""
    if not _observed(live):
        return waiting("the controller has not seen the change yet")
    wanted = count(live, "status", "desiredNumberScheduled")
    updated = count(live, "status", "updatedNumberScheduled")
    available = count(live, "status", "numberAvailable")
    if within(live, "spec", "updateStrategy", "type") != "OnDelete" and updated < wanted:
        return waiting(f"{updated} of {wanted} pods updated")
    if available < wanted:
        return waiting(f"{available} of {wanted} pods available")
    return READY


def job(live: Object) -> Verdict:
    """Complete; FAILED once the controller has given it up."""
    if condition_is(live, "Complete", "True"):
        return READY
    if given_up := condition_is(live, "Failed", "True"):
        return failed(why(given_up))
    wanted = within(live, "spec", "completions")
    done, running, lost = (
        count(live, "status", name) for name in ("succeeded", "active", "failed")
    )
    of = 1 if wanted is None else wanted
    return waiting(f"{done} of {of} completions, {running} pods active, {lost} failed")


def pod(live: Object) -> Verdict:
    """Ready, or run to its end."""
    phase = within(live, "status", "phase")
    if phase == "Succeeded" or condition_is(live, "Ready", "True"):
        return READY
    if phase == "Failed":
        return failed(why(within(live, "status") or {}) or "the pod failed")
    return waiting(f"phase {phase or 'unknown'}, not ready")


def service(live: Object, slices: list[Object]) -> Verdict:
    """Leads to some pod that is ready, and has an address if it is a load balancer."""
    if needs_endpoints(live) and not any(map(_has_ready_endpoint, slices)):
        return waiting(
            "Service does not target any Pods. Selected Pods may not be ready, or "
            "field '.spec.selector' may not match labels on any Pods"
        )
    balanced = within(live, "spec", "type") == "LoadBalancer"
    if balanced and not items(live, "status", "loadBalancer", "ingress"):
        return waiting(
            "Service was not allocated an IP address; does your cloud provider support this?"
        )
    return READY


def needs_endpoints(live: Object) -> bool:
    """Whether a service is for pods, by an address of its own: neither headless nor an alias."""
    spec = within(live, "spec")
    headless = within(spec, "clusterIP") == "None"
    alias = within(spec, "type") == "ExternalName"
    return not headless and not alias and bool(within(spec, "selector"))


def _has_ready_endpoint(piece: Object) -> bool:
    """An endpoint that does not say whether it is ready counts as ready."""
    return any(
        endpoint.get("addresses") and within(endpoint, "conditions", "ready") is not False
        for endpoint in items(piece, "endpoints")
    )


def _observed(live: Object) -> bool:
    return count(live, "status", "observedGeneration") >= count(live, "metadata", "generation")


def _replicas(live: Object) -> int:
    replicas = within(live, "spec", "replicas")
    return 1 if replicas is None else int(replicas)


_JUDGES: Mapping[tuple[str, str], Judge] = {
    ("apps", "DaemonSet"): daemon_set,
    ("apps", "Deployment"): deployment,
    ("apps", "StatefulSet"): stateful_set,
    ("batch", "Job"): job,
    ("", "Pod"): pod,
}
