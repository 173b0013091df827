"""When the kubernetes stand-in takes an object for ready, and what it says while it is not."""

from __future__ import annotations

from typing import Any

import pytest

from toolchain.standins.kubernetes import readiness, trouble
from toolchain.standins.kubernetes.readiness import READY, Progress

pytestmark = pytest.mark.slow

ROLLED_OUT = {"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3}


def stateful_set(status: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": "etcd", "generation": 2},
        "spec": {"replicas": 3, **spec},
        "status": status,
    }


def test_a_stateful_set_is_ready_when_every_replica_is_new_and_ready() -> None:
    assert readiness.stateful_set(stateful_set(ROLLED_OUT)) == READY
    assert readiness.stateful_set(stateful_set({"observedGeneration": 2}, replicas=0)) == READY


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"observedGeneration": 1}, "controller has not seen"),
        ({"replicas": 5}, "5 replicas, 3 wanted"),
        ({"updatedReplicas": 1}, "1 of 3 replicas updated"),
        ({"readyReplicas": 2}, "2 of 3 replicas ready"),
    ],
)
def test_until_then_a_stateful_set_says_what_is_missing(
    change: dict[str, Any], reason: str
) -> None:
    verdict = readiness.stateful_set(stateful_set(ROLLED_OUT | change))
    assert verdict.progress is Progress.WAITING
    assert reason in verdict.reason


def test_a_new_stateful_set_has_no_status_at_all() -> None:
    assert readiness.stateful_set(stateful_set({})).progress is Progress.WAITING


@pytest.mark.parametrize(
    "spec",
    [
        {"clusterIP": "None", "selector": {"a": "b"}},
        {"type": "ExternalName", "externalName": "etcd.test"},
    ],
    ids=["headless", "external name"],
)
def test_a_service_that_is_not_for_pods_is_ready_at_once(spec: dict[str, Any]) -> None:
    assert readiness.service({"spec": spec}, []) == READY


@pytest.mark.parametrize(
    ("endpoint", "ready"),
    [
        ({"addresses": ["10.1.1.1"], "conditions": {"ready": True}}, True),
        ({"addresses": ["10.1.1.1"]}, True),
        ({"addresses": ["10.1.1.1"], "conditions": {"ready": False}}, True),
        ({"addresses": ["10.1.1.1"], "conditions": {"terminating": True}}, False),
        ({"addresses": []}, False),
    ],
)
@pytest.mark.parametrize("selector", [{"a": "b"}, {}], ids=["selector", "none"])
def test_another_service_waits_for_a_pod_ready_or_not(
    endpoint: dict[str, Any], ready: bool, selector: dict[str, str]
) -> None:
    service = {"spec": {"clusterIP": "10.0.0.1", "selector": selector}}
    verdict = readiness.service(service, [{"endpoints": [endpoint]}])
    assert (verdict == READY) is ready
    assert ready or "does not target any Pods" in verdict.reason


def test_a_load_balancer_waits_for_its_address_too() -> None:
    endpoints = [{"endpoints": [{"addresses": ["10.1.1.1"]}]}]
    balancer: dict[str, Any] = {"spec": {"clusterIP": "10.0.0.1", "type": "LoadBalancer"}}
    assert "not allocated an IP address" in readiness.service(balancer, endpoints).reason
    balancer["status"] = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}
    assert readiness.service(balancer, endpoints) == READY


def pod(*containers: dict[str, Any], **status: Any) -> dict[str, Any]:
    return {
        "metadata": {"namespace": "ns", "name": "etcd-1"},
        "status": {"phase": "Pending", "containerStatuses": list(containers), **status},
    }


def container(**state: Any) -> dict[str, Any]:
    return {"name": "etcd", "state": state}


@pytest.mark.parametrize(
    ("live", "reason"),
    [
        (
            pod(container(waiting={"reason": "ImagePullBackOff", "message": "Back-off x"})),
            "container etcd: ImagePullBackOff: Back-off x",
        ),
        (
            pod(
                conditions=[
                    {
                        "type": "PodScheduled",
                        "status": "False",
                        "reason": "Unschedulable",
                        "message": "0/1 nodes are available",
                    }
                ]
            ),
            "Unschedulable: 0/1 nodes are available",
        ),
        (
            pod(
                container(waiting={"reason": "CrashLoopBackOff", "message": "back-off 10s"})
                | {
                    "lastState": {
                        "terminated": {
                            "exitCode": 2,
                            "reason": "Error",
                            "message": "no such flag\n",
                        }
                    }
                }
            ),
            "container etcd: CrashLoopBackOff: back-off 10s (last time ended with 2: no such flag)",
        ),
        (
            pod(container(terminated={"exitCode": 137, "reason": "OOMKilled"})),
            "container etcd: ended with 137: OOMKilled",
        ),
        (pod(container(running={}), phase="Running"), "container etcd: runs, but is not ready"),
        (pod(container(waiting={"reason": "ContainerCreating"})), "etcd: ContainerCreating"),
        (pod(phase="Failed", reason="Evicted", message="disk"), "Evicted: disk"),
        (pod(), "phase Pending, not ready"),
    ],
)
def test_a_pod_says_what_keeps_it(live: dict[str, Any], reason: str) -> None:
    (found,) = trouble.of_pod(live)
    assert found.startswith("pod ns/etcd-1: ")
    assert found.endswith(reason)


def test_containers_before_the_others_count_and_those_that_are_done_do_not() -> None:
    live = pod(container(waiting={"reason": "PodInitializing"}))
    live["status"]["initContainerStatuses"] = [
        {"name": "done", "state": {"terminated": {"exitCode": 0}}},
        {"name": "stuck", "state": {"terminated": {"exitCode": 1}}},
    ]
    assert [found.partition(": ")[2] for found in trouble.of_pod(live)] == [
        "container stuck: ended with 1",
        "container etcd: PodInitializing",
    ]


def test_a_pod_without_trouble_says_nothing() -> None:
    assert trouble.of_pod(pod(conditions=[{"type": "Ready", "status": "True"}])) == []


@pytest.mark.parametrize(
    ("status", "fails"),
    [
        ({"state": {"running": {}}}, True),
        ({"state": {"running": {}}, "ready": True}, False),
        ({"state": {"terminated": {"exitCode": 2}}}, True),
        ({"state": {"terminated": {"exitCode": 0}}}, False),
        ({"state": {"waiting": {}}, "lastState": {"terminated": {"exitCode": 2}}}, True),
        ({"state": {"waiting": {"reason": "ErrImagePull"}}}, False),
    ],
)
def test_who_has_run_may_have_said_why(status: dict[str, Any], fails: bool) -> None:
    assert trouble.failing(pod({"name": "etcd", **status})) == (["etcd"] if fails else [])


def test_the_newest_warnings_are_told_once() -> None:
    def event(time: str, message: str, kind: str = "Warning") -> dict[str, Any]:
        return {"type": kind, "reason": "R", "message": message, "lastTimestamp": time}

    events = [event("3", "c"), event("1", "a"), event("4", "c"), event("2", "b")]
    events += [event("5", "fine", "Normal"), {"type": "Warning", "reason": "old"}]
    assert trouble.of_events(events, 2) == ["R: b", "R: c"]
