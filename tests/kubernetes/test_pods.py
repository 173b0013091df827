"""A cluster of pods on a real control plane with three real nodes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.hosts.machine import until
from lab.kubernetes import objects
from lab.kubernetes.lab import Lab
from lab.kubernetes.node import Node
from lab.kubernetes.pod_stack import pod_stack
from lab.ops_run import ops
from lab.stack import EtcdStack
from toolchain.versions import DEV_ETCD

# tests/journeys does the most of it in make test.
pytestmark = [pytest.mark.slow, pytest.mark.soak]
SPACE = "etcd"
NAMES = ("etcd0", "etcd1", "etcd2")
TLS = ("--cacert=/client/ca.crt", "--cert=/client/tls.crt", "--key=/client/tls.key")


@dataclass
class Cluster:
    """The stack, and the lab that it lives in."""

    lab: Lab
    stack: EtcdStack

    def kubectl(self, *words: str) -> str:
        """In the cluster's namespace; what it prints."""
        return self.lab.kubectl("-n", SPACE, *words).ok().stdout

    def etcdctl(self, pod: str, *words: str) -> str:
        """As the member's own maintenance client, in its pod."""
        pki = "/etc/etcd/pki"
        tls = (
            f"--cacert={pki}/ca.pem",
            f"--cert={pki}/maintenance.pem",
            f"--key={pki}/maintenance.key",
        )
        return self.kubectl("exec", pod, "-c", "etcd", "--", "etcdctl", *tls, *words)

    def members(self) -> list[dict[str, object]]:
        """As etcd lists them."""
        told = self.etcdctl(self.healthy_pod(), "member", "list", "--write-out=json")
        found: list[dict[str, object]] = json.loads(told)["members"]
        return found

    def healthy_pod(self) -> str:
        """The first pod that is ready."""
        return next(f"{name}-0" for name in NAMES if self.is_ready(f"{name}-0"))

    def is_ready(self, pod: str) -> bool:
        """As Kubernetes sees it."""
        ready = '{.status.conditions[?(@.type=="Ready")].status}'
        told = self.lab.kubectl("-n", SPACE, "get", "pod", pod, f"--output=jsonpath={ready}")
        return told.stdout == "True"

    def wait_ready(self, *pods: str) -> None:
        """Until all of them are."""
        until(lambda: all(map(self.is_ready, pods)), 90, self.lab.logs)

    def home(self, pod: str) -> Node:
        """The node that a pod is on."""
        name = self.kubectl("get", "pod", pod, "--output=jsonpath={.spec.nodeName}")
        return next(node for node in self.lab.nodes if node.name == name)

    def uid(self, pod: str) -> str:
        """Which one of that name."""
        return self.kubectl("get", "pod", pod, "--output=jsonpath={.metadata.uid}")


@pytest.fixture(scope="module")
def cluster(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    stack = pod_stack(lab, tmp_path_factory.mktemp("stack"), SPACE, *NAMES)
    stack.up().ok()
    yield Cluster(lab, stack)
    stack.remove()


def test_three_members_are_healthy_each_on_a_node_of_its_own(cluster: Cluster) -> None:
    assert sorted(str(member["name"]) for member in cluster.members()) == list(NAMES)
    assert len({cluster.home(f"{name}-0").name for name in NAMES}) == 3
    cluster.wait_ready(*(f"{name}-0" for name in NAMES))
    assert "all members are healthy" in cluster.stack.outputs()["health"]


def test_a_second_up_changes_nothing(cluster: Cluster) -> None:
    assert "updated" not in cluster.stack.up("--expect-no-changes").ok().output


def test_a_client_pod_puts_and_gets_by_every_name(cluster: Cluster) -> None:
    image = cluster.lab.client_image()
    pod = objects.client("client", image, "etcd-client-apiserver")
    cluster.lab.kubectl("-n", SPACE, "apply", "-f", "-", stdin=pod).ok()
    cluster.kubectl("wait", "--for=condition=Ready", "pod/client", "--timeout=60s")
    outputs = cluster.stack.outputs()
    places = [*outputs["endpoints"], outputs["pods"]["service"], "https://etcd1-0.etcd:2379"]
    for number, endpoint in enumerate([*places, "https://etcd-client:2379"]):
        for words in (("put", f"key{number}", endpoint), ("get", f"key{number}")):
            asked = ("etcdctl", f"--endpoints={endpoint}", *TLS, *words)
            assert cluster.kubectl("exec", "client", "--", *asked)


def test_who_has_no_certificate_is_not_answered(cluster: Cluster) -> None:
    asked = ("etcdctl", "--endpoints=https://etcd-client:2379", "--cacert=/client/ca.crt")
    asked = (*asked, "--command-timeout=3s", "endpoint", "health")
    refused = cluster.lab.kubectl("-n", SPACE, "exec", "client", "--", *asked)
    assert refused.status != 0
    # A drain does not take what nobody would make again.
    cluster.kubectl("delete", "pod", "client")


def test_a_pod_that_is_deleted_comes_back_with_its_data(cluster: Cluster) -> None:
    cluster.etcdctl("etcd0-0", "put", "kept", "yes")
    former = cluster.uid("etcd1-0")
    cluster.kubectl("delete", "pod", "etcd1-0")

    def replaced() -> bool:
        return cluster.is_ready("etcd1-0") and cluster.uid("etcd1-0") != former

    until(replaced, 60, cluster.lab.logs)
    assert cluster.etcdctl("etcd1-0", "get", "kept", "--print-value-only") == "yes\n"


def test_a_drain_takes_one_member_and_no_second(cluster: Cluster) -> None:
    first, second = cluster.home("etcd0-0"), cluster.home("etcd1-0")
    cluster.wait_ready(*(f"{name}-0" for name in NAMES))
    cluster.lab.drain(first, limit_s=60).ok()
    refused = cluster.lab.drain(second, limit_s=5)
    assert refused.status != 0, "a second member was taken away"
    assert "global timeout reached" in refused.stderr
    assert cluster.etcdctl("etcd1-0", "put", "while", "drained") == "OK\n"
    cluster.lab.uncordon(first)
    cluster.lab.uncordon(second)
    cluster.wait_ready(*(f"{name}-0" for name in NAMES))


def test_a_member_whose_volume_is_lost_never_starts_empty_and_returns_by_an_up(
    cluster: Cluster,
) -> None:
    cluster.kubectl("delete", "pvc", "data-etcd2-0", "--wait=false")
    cluster.kubectl("delete", "pod", "etcd2-0")
    reason = "jsonpath={.status.containerStatuses[0].state.waiting.reason}"

    def waits() -> bool:
        told = cluster.lab.kubectl("-n", SPACE, "get", "pod", "etcd2-0", f"--output={reason}")
        return told.stdout == "CrashLoopBackOff"

    until(waits, 60, cluster.lab.logs)
    identity = {member["name"]: member["ID"] for member in cluster.members()}
    assert cluster.etcdctl("etcd0-0", "put", "while", "lost") == "OK\n"
    shown = ops(cluster.stack, "up").ok()
    assert "etcd2: down though nothing is to change; applied once more" in shown.stdout
    after = {member["name"]: member["ID"] for member in cluster.members()}
    assert set(after) == set(identity)
    assert after["etcd2"] != identity["etcd2"]
    assert after["etcd0"] == identity["etcd0"]
    assert cluster.etcdctl("etcd2-0", "get", "while", "--print-value-only") == "lost\n"


def test_its_status(cluster: Cluster) -> None:
    told = json.loads(ops(cluster.stack, "status", "--json").ok().stdout)
    assert told["healthy"]
    assert [member["name"] for member in told["members"]] == list(NAMES)
    assert {member["version"] for member in told["members"]} == {DEV_ETCD}
    assert sorted(member["role"] for member in told["members"]) == [
        "follower",
        "follower",
        "leader",
    ]
    assert all(364 < member["certificate_days"] < 366 for member in told["members"])


def test_nothing_of_a_key_is_in_a_preview(cluster: Cluster, tmp_path: Path) -> None:
    cluster.stack.change(names=["etcd.example.org"])
    shown = cluster.stack.run("preview", "--diff").ok().output
    cluster.stack.change(names=[])
    assert "t-etcd0-pki" in shown
    assert "PRIVATE KEY" not in shown
    assert "LS0tLS1CRUdJTi" not in shown  # the base64 of a PEM's first line


def test_another_name_for_the_cluster_is_refused_before_anything_is_touched(
    cluster: Cluster,
) -> None:
    before = cluster.kubectl("get", "statefulsets,services,secrets", "--output=yaml")
    renamed = cluster.stack.change(name="other").up()
    cluster.stack.change(name="t")
    assert renamed.status != 0
    assert "statefulset/etcd0 is there and belongs to t" in renamed.output
    assert cluster.kubectl("get", "statefulsets,services,secrets", "--output=yaml") == before
    cluster.stack.up().ok()


@pytest.mark.soak
def test_volumes_outlive_a_stack_that_keeps_them(cluster: Cluster) -> None:
    cluster.etcdctl("etcd0-0", "put", "outlives", "the stack")
    cluster.stack.change(on_destroy="keep").up().ok()
    cluster.stack.destroy().ok()
    kept = cluster.kubectl("get", "pvc", "--output=name").split()
    assert kept == [f"persistentvolumeclaim/data-{name}-0" for name in NAMES]
    cluster.stack.change(on_destroy="wipe").up().ok()
    told = cluster.etcdctl("etcd0-0", "get", "outlives", "--print-value-only")
    assert told == "the stack\n"


def test_destroy_leaves_nothing_but_the_namespace(cluster: Cluster) -> None:
    cluster.stack.destroy().ok()
    kinds = "pods,statefulsets,services,secrets,pvc,poddisruptionbudgets,networkpolicies"

    def gone() -> bool:
        left = cluster.kubectl("get", kinds, "--output=name").split()
        return left == []

    until(gone, 60, cluster.lab.logs)
