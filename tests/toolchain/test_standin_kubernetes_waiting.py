"""What the kubernetes stand-in waits for, and what it says and records when that does not come."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty

from lab.hosts.machine import until
from tests.support import fake_kubernetes, kubernetes_plugin
from tests.support.command_plugin import Engine, running_engine
from tests.support.fake_kubernetes import FakeKubernetes
from tests.support.kubernetes_plugin import Plugin, recorded
from toolchain.standins.kubernetes import waiting
from toolchain.standins.wire import Secret, to_plain

pytestmark = pytest.mark.slow

NAMESPACE = "/api/v1/namespaces/default"
SET = "/apis/apps/v1/namespaces/default/statefulsets/etcd"
SERVICE = f"{NAMESPACE}/services/etcd"
LABELS = {"app": "etcd"}
STATEFUL = {
    "metadata": {"name": "etcd"},
    "spec": {"replicas": 3, "selector": {"matchLabels": LABELS}, "env": Secret("canary")},
}
READY = {"observedGeneration": 9, "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3}
IMAGE = {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}


@pytest.fixture
def engine() -> Iterator[Engine]:
    with running_engine() as running:
        yield running


@pytest.fixture
def cluster() -> Iterator[FakeKubernetes]:
    with fake_kubernetes.running() as running:
        yield running


@pytest.fixture
def plugin(
    cluster: FakeKubernetes, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Plugin]:
    monkeypatch.setattr(waiting, "POLL_S", 0.01)
    with kubernetes_plugin.running(engine.address) as running:
        running.configure(kubeconfig=cluster.kubeconfig)
        yield running


def add_pod(cluster: FakeKubernetes, name: str, state: dict[str, Any], **more: Any) -> None:
    status = {"phase": "Pending", "containerStatuses": [{"name": "etcd", "state": state, **more}]}
    metadata = {"namespace": "default", "labels": LABELS}
    cluster.add(f"{NAMESPACE}/pods/{name}", {"metadata": metadata, "status": status})


def add_event(cluster: FakeKubernetes, about: str, uid: str, message: str) -> None:
    cluster.add(
        f"{NAMESPACE}/events/{about}.1",
        {
            "type": "Warning",
            "reason": "Failed",
            "message": message,
            "involvedObject": {"name": about, "uid": uid},
        },
    )


def wait_for(engine: Engine, text: str) -> None:
    until(lambda: text in [each.message for each in engine.messages], 10, lambda: f"never: {text}")


def failed(plugin: Plugin, kind: str, inputs: dict[str, Any], timeout: float = 0.3) -> Any:
    with pytest.raises(grpc.RpcError) as refusal:
        plugin.made(kind, inputs, timeout=timeout)
    return refusal


def test_a_stateful_set_is_made_when_it_is_rolled_out(
    plugin: Plugin, cluster: FakeKubernetes, engine: Engine
) -> None:
    cluster.becomes(SET, {}, READY | {"readyReplicas": 1}, READY | {"readyReplicas": 2}, READY)
    _, state = plugin.made("StatefulSet", STATEFUL)
    assert state["status"] == READY
    assert [message.message for message in engine.messages] == [
        "the controller has not seen the change yet",
        "1 of 3 replicas ready",
        "2 of 3 replicas ready",
    ]
    assert all(message.ephemeral for message in engine.messages)


def test_an_update_waits_too(plugin: Plugin, cluster: FakeKubernetes) -> None:
    cluster.becomes(SET, READY)
    _, state = plugin.made("StatefulSet", STATEFUL)
    cluster.becomes(SET, READY | {"updatedReplicas": 0}, READY)
    assert plugin.update("StatefulSet", state, state["__inputs"])["status"] == READY


def test_what_was_made_but_is_not_ready_is_recorded_with_the_pods_that_are_in_the_way(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    cluster.becomes(SET, READY | {"readyReplicas": 2})
    add_pod(cluster, "etcd-1", IMAGE)
    cluster.add(
        f"{NAMESPACE}/pods/etcd-0",
        {
            "metadata": {"namespace": "default", "labels": LABELS},
            "status": {"conditions": [{"type": "Ready", "status": "True"}]},
        },
    )
    add_event(cluster, "etcd-1", "uid-etcd-1", "manifest unknown")
    add_event(cluster, "etcd", "uid-1", "quota exceeded")
    refusal = failed(plugin, "StatefulSet", STATEFUL)
    assert "was successfully created, but" in refusal.value.details()
    assert "StatefulSet default/etcd is not ready after 0.3 s" in refusal.value.details()
    kept = recorded(refusal)
    assert kept.id == "default/etcd"
    assert list(kept.reasons) == [
        "StatefulSet default/etcd is not ready after 0.3 s",
        "2 of 3 replicas ready",
        "StatefulSet default/etcd: Failed: quota exceeded",
        "pod default/etcd-1: container etcd: ImagePullBackOff: Back-off pulling image",
        "pod default/etcd-1: Failed: manifest unknown",
    ]
    state = to_plain(kept.properties)
    assert state["status"] == READY | {"readyReplicas": 2}
    assert state["__inputs"]["spec"]["env"] == Secret("canary")
    assert state["spec"]["env"] == Secret("canary")


def test_a_container_that_crashes_has_the_last_word(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    cluster.becomes(SET, {})
    crash = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}}
    add_pod(cluster, "etcd-0", crash, lastState={"terminated": {"exitCode": 2}})
    cluster.logs["etcd-0"] = "unknown flag: --nme\n"
    reasons = list(recorded(failed(plugin, "StatefulSet", STATEFUL)).reasons)
    assert reasons[-2:] == [
        "pod default/etcd-0: container etcd: CrashLoopBackOff: back-off 10s "
        "(last time ended with 2)",
        "pod default/etcd-0: container etcd printed last:\nunknown flag: --nme",
    ]
    (asked,) = [asked for asked in cluster.asked if asked.path.endswith("/log")]
    assert asked.query == {"container": "etcd", "tailLines": "5"}


def test_a_service_waits_for_a_pod_and_names_those_that_it_selects(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    service = {"metadata": {"name": "etcd"}, "spec": {"selector": LABELS}}
    add_pod(cluster, "etcd-0", IMAGE)
    reasons = list(recorded(failed(plugin, "Service", service)).reasons)
    assert "does not target any Pods" in reasons[1]
    assert "etcd-0: container etcd: ImagePullBackOff" in reasons[2]
    cluster.add(
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/etcd-abc",
        {
            "metadata": {"labels": {"kubernetes.io/service-name": "etcd"}},
            "endpoints": [{"addresses": ["10.1.1.1"], "conditions": {"ready": True}}],
        },
    )
    del cluster.objects[SERVICE]
    assert plugin.made("Service", service)[0] == "default/etcd"


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("Service", {"metadata": {"name": "s"}, "spec": {"selector": LABELS, "clusterIP": "None"}}),
        (
            "Service",
            {
                "metadata": {"name": "s", "annotations": {"pulumi.com/skipAwait": "true"}},
                "spec": {"selector": LABELS},
            },
        ),
        (
            "StatefulSet",
            {"metadata": {"name": "s", "annotations": {"pulumi.com/skipAwait": "true"}}},
        ),
    ],
    ids=["headless", "skipped service", "skipped set"],
)
def test_nothing_is_waited_for_where_the_program_says_so(
    plugin: Plugin, kind: str, inputs: dict[str, Any]
) -> None:
    plugin.made(kind, inputs)


def test_the_time_to_wait_can_be_said_by_an_annotation(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    metadata = {"name": "etcd", "annotations": {"pulumi.com/timeoutSeconds": "1"}}
    refusal = failed(plugin, "StatefulSet", STATEFUL | {"metadata": metadata}, timeout=0)
    assert "is not ready after 1 s" in refusal.value.details()


def test_an_object_that_somebody_deletes_meanwhile_is_not_waited_for(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    cluster.refusals["GET", SET] = (404, "not found")
    reasons = recorded(failed(plugin, "StatefulSet", STATEFUL, timeout=600)).reasons
    assert "it was deleted meanwhile" in reasons


def test_an_api_server_may_be_away_for_a_moment(
    plugin: Plugin, cluster: FakeKubernetes, engine: Engine
) -> None:
    cluster.becomes(SET, READY)
    _, state = plugin.made("StatefulSet", STATEFUL)
    cluster.becomes(SET, READY | {"updatedReplicas": 0})

    def go_away() -> None:
        wait_for(engine, "0 of 3 replicas updated")
        cluster.refusals["GET", SET] = (500, "etcdserver: leader changed")
        wait_for(engine, "etcdserver: leader changed")
        cluster.becomes(SET, READY)
        cluster.refusals.clear()

    threading.Thread(target=go_away, daemon=True).start()
    assert plugin.update("StatefulSet", state, state["__inputs"], timeout=15)["status"] == READY


def test_what_may_not_be_looked_at_is_recorded_all_the_same(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
    cluster.refusals["GET", slices] = (403, "endpointslices is forbidden")
    service = {"metadata": {"name": "etcd"}, "spec": {"selector": LABELS}}
    refusal = failed(plugin, "Service", service)
    assert recorded(refusal).id == "default/etcd"
    assert "endpointslices is forbidden" in refusal.value.details()


def test_an_interruption_ends_the_wait_and_records_what_is_there(
    plugin: Plugin, cluster: FakeKubernetes, engine: Engine
) -> None:
    cluster.becomes(SET, READY | {"updatedReplicas": 0})

    def interrupt() -> None:
        wait_for(engine, "0 of 3 replicas updated")
        plugin.stub.Cancel(Empty())

    threading.Thread(target=interrupt, daemon=True).start()
    refusal = failed(plugin, "StatefulSet", STATEFUL, timeout=600)
    assert "is not ready when the wait was interrupted" in refusal.value.details()
    assert recorded(refusal).id == "default/etcd"


def test_a_refresh_says_what_is_not_ready_any_more(plugin: Plugin, cluster: FakeKubernetes) -> None:
    cluster.becomes(SET, READY)
    resource_id, state = plugin.made("StatefulSet", STATEFUL)
    assert plugin.read("StatefulSet", resource_id, state, state["__inputs"]).id == resource_id
    cluster.becomes(SET, READY | {"readyReplicas": 1})
    with pytest.raises(grpc.RpcError, match="1 of 3 replicas ready") as refusal:
        plugin.read("StatefulSet", resource_id, state, state["__inputs"])
    assert to_plain(recorded(refusal).inputs) == state["__inputs"]
