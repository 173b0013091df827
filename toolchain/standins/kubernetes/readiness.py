"""Whether an object has come to what it is for, judged by its status alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from toolchain.standins.kubernetes.objects import Object, condition_is, count, items, within


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


def waiting(reason: str) -> Verdict:
    """Not yet."""
    return Verdict(Progress.WAITING, reason)


def failed(reason: str) -> Verdict:
    """Never."""
    return Verdict(Progress.FAILED, reason)


def stateful_set(live: Object) -> Verdict:
    """Rolled out: every replica is of the newest revision and ready, and none is too many."""
    if count(live, "status", "observedGeneration") < count(live, "metadata", "generation"):
        return waiting("the controller has not seen the change yet")
    wanted = _replicas(live)
    updated, present, ready = (
        count(live, "status", name) for name in ("updatedReplicas", "replicas", "readyReplicas")
    )
    if present > wanted:
        return waiting(f"{present} replicas, {wanted} wanted")
    if updated < wanted:
        return waiting(f"{updated} of {wanted} replicas updated")
    if ready < wanted:
        return waiting(f"{ready} of {wanted} replicas ready")
    return READY


def service(live: Object, slices: list[Object]) -> Verdict:
    """Leads to some pod, and from outside if it is a load balancer."""
    if needs_endpoints(live) and not any(map(_has_endpoint, slices)):
        return waiting(
            "Service does not target any Pods. Selected Pods may not be ready, or "
            "field '.spec.selector' may not match labels on any Pods"
        )
    balances = within(live, "spec", "type") == "LoadBalancer"
    if balances and not items(live, "status", "loadBalancer", "ingress"):
        return waiting(
            "Service was not allocated an IP address; does your cloud provider support this?"
        )
    return READY


def needs_endpoints(live: Object) -> bool:
    """Whether a service has an address of its own: it is neither headless nor another's name."""
    spec = within(live, "spec")
    headless = within(spec, "clusterIP") == "None"
    return not headless and bool(within(spec, "type") != "ExternalName")


def pod_is_ready(live: Object) -> bool:
    """Whether it serves."""
    return condition_is(live, "Ready", "True") is not None


def _has_endpoint(piece: Object) -> bool:
    """A pod that has an address and is not to go. The official plugin takes unready ones too."""
    return any(
        endpoint.get("addresses") and not within(endpoint, "conditions", "terminating")
        for endpoint in items(piece, "endpoints")
    )


def _replicas(live: Object) -> int:
    replicas = within(live, "spec", "replicas")
    return 1 if replicas is None else int(replicas)
