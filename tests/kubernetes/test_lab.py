"""The lab itself: what it has, what it can do to its nodes, and that nothing is left of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.hosts.machine import until
from lab.kubernetes import objects, programs, traces
from lab.kubernetes.fixtures import need_lab
from lab.kubernetes.lab import Lab
from lab.kubernetes.node import Node
from toolchain.versions import DEV_ETCD

# The lab's own tests: who uses it in other tests misses at once what is broken.
pytestmark = [pytest.mark.slow, pytest.mark.soak]
POD_LIMIT = "--timeout=60s"
CLAIM = "data-etcd-0"
MEMBER = "etcd-0.etcd.default.svc.cluster.local:2379"
SERVICE = "etcd-client.default.svc.cluster.local:2379"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Not the shared one: these tests switch off what others stand on."""
    need_lab()
    with Lab(tmp_path_factory.mktemp("lab")) as made:
        yield made


@pytest.fixture(scope="module")
def member(lab: Lab) -> Lab:
    """A lab with one pod of etcd that is ready, and a client."""
    lab.kubectl("apply", "-f", "-", stdin=objects.etcd(lab.etcd_image())).ok()
    lab.kubectl("apply", "-f", "-", stdin=objects.client("client", lab.client_image())).ok()
    for condition in ("create", "condition=Ready"):
        done = lab.kubectl("wait", f"--for={condition}", "pod/etcd-0", "pod/client", POD_LIMIT)
        assert done.status == 0, f"{done.stderr}\n{lab.kubectl('get', 'events').stdout}"
    return lab


def etcdctl(lab: Lab, *words: str) -> str:
    """As the pod's own, which needs no shell."""
    return lab.kubectl("exec", "etcd-0", "--", "etcdctl", *words).ok().stdout


def home(lab: Lab) -> Node:
    """The node that the member is on."""
    name = lab.kubectl("get", "pod", "etcd-0", "--output=jsonpath={.spec.nodeName}").ok().stdout
    return next(node for node in lab.nodes if node.name == name)


def test_the_control_plane_is_of_the_pinned_version(lab: Lab) -> None:
    told = json.loads(lab.kubectl("version", "--output=json").ok().stdout)
    assert told["serverVersion"]["gitVersion"] == f"v{programs.VERSION}"
    assert told["clientVersion"]["gitVersion"] == f"v{programs.VERSION}"
    assert lab.api.get("/readyz") == (200, "ok")
    assert lab.control.daemons.ended() == []


def test_three_nodes_are_ready(lab: Lab) -> None:
    told = json.loads(lab.kubectl("get", "nodes", "--output=json").ok().stdout)["items"]
    assert [node["metadata"]["name"] for node in told] == ["node1", "node2", "node3"]
    assert all(lab.is_ready(node) for node in lab.nodes)
    versions = {node["status"]["nodeInfo"]["kubeletVersion"] for node in told}
    assert versions == {f"v{programs.VERSION}"}


def test_a_member_runs_in_a_pod(member: Lab) -> None:
    assert f"etcdctl version: {DEV_ETCD}" in etcdctl(member, "version")
    etcdctl(member, "put", "key", "value")
    assert etcdctl(member, "get", "--print-value-only", "key") == "value\n"
    assert "ready to serve client requests" in member.kubectl("logs", "etcd-0").ok().stdout


def test_every_node_reaches_it_by_its_name_and_by_its_service(member: Lab) -> None:
    program = str(programs.etcd() / "etcdctl")
    for node in member.nodes:
        for endpoint in (MEMBER, SERVICE):
            done = node.run(program, f"--endpoints=http://{endpoint}", "endpoint", "health")
            assert done.status == 0, f"{node.name}: {done.stderr}"


def test_a_pod_reaches_it_by_its_name_and_by_its_service(member: Lab) -> None:
    for endpoint in (MEMBER, SERVICE, "etcd-client:2379"):
        script = f"etcdctl --endpoints=http://{endpoint} endpoint health"
        member.kubectl("exec", "client", "--", "sh", "-c", script).ok()


def test_this_machine_reaches_pods(member: Lab) -> None:
    address = member.kubectl("get", "pod", "etcd-0", "--output=jsonpath={.status.podIP}").stdout
    program = str(programs.etcd() / "etcdctl")
    health = [program, f"--endpoints=http://{address}:2379", "endpoint", "health"]
    subprocess.run(health, check=True, capture_output=True)


def test_a_node_that_is_cut_off_is_noticed_and_comes_back(member: Lab) -> None:
    node = home(member)
    member.cut(node)
    member.wait_not_ready(node)
    assert all(member.is_ready(other) for other in member.nodes if other is not node)
    member.heal()
    member.wait_ready(node)
    member.kubectl("wait", "--for=condition=Ready", "pod/etcd-0", POD_LIMIT).ok()


def test_a_node_keeps_its_disk_over_a_power_cycle(member: Lab) -> None:
    etcdctl(member, "put", "kept", "here")
    node = home(member)
    node.power_off()
    assert (member.volume(CLAIM) / "data/member/wal").is_dir()
    member.wait_not_ready(node)
    node.power_on()
    member.wait_ready(node)
    kept = ("get", "--print-value-only", "kept")

    def read() -> bool:
        done = member.kubectl("exec", "etcd-0", "--", "etcdctl", *kept)
        return done.stdout == "here\n"

    until(read, 60, member.logs)
    member.kubectl("wait", "--for=condition=Ready", "pod/etcd-0", POD_LIMIT).ok()


def test_a_volume_outlives_its_pod_and_one_that_is_lost_comes_back_empty(member: Lab) -> None:
    etcdctl(member, "put", "lives", "on")
    replace_pod(member)
    assert etcdctl(member, "get", "--print-value-only", "lives") == "on\n"
    lost = member.volume(CLAIM)
    member.kubectl("delete", "pvc", CLAIM, "--wait=false").ok()
    replace_pod(member)
    assert etcdctl(member, "get", "--print-value-only", "lives") == ""
    assert member.volume(CLAIM) != lost


def test_a_pod_leaves_a_node_that_is_drained_and_waits_for_its_volume(member: Lab) -> None:
    node = home(member)
    member.drain(node).ok()
    pending = member.api.read("/api/v1/namespaces/default/pods/etcd-0")["status"]["conditions"]
    assert "1 node(s) were unschedulable" in json.dumps(pending)
    member.uncordon(node)
    member.kubectl("wait", "--for=condition=Ready", "pod/etcd-0", POD_LIMIT).ok()
    assert home(member) is node


def replace_pod(lab: Lab) -> None:
    """Deletes it and waits for the one that the StatefulSet puts in its place."""
    lab.kubectl("delete", "pod", "etcd-0").ok()
    for condition in ("create", "condition=Ready"):
        lab.kubectl("wait", f"--for={condition}", "pod/etcd-0", POD_LIMIT).ok()


def test_nothing_is_left_of_a_lab(tmp_path: Path) -> None:
    need_lab()
    before = traces.of_machine()
    with Lab(tmp_path, nodes=1) as lab:
        run, bridge = lab.run, lab.network.bridge
        assert len(traces.of_run(run, bridge)) > 10
        node = lab.nodes[0]
        node.power_off()
        node.power_on()
        lab.wait_ready()
    assert traces.of_run(run, bridge) == []
    assert traces.of_machine() == before


def test_nothing_is_left_of_one_that_does_not_start(tmp_path: Path) -> None:
    need_lab()
    built = tmp_path / "built"
    built.mkdir()
    for program in programs.KUBERNETES.iterdir():
        (built / program.name).symlink_to(program)
    (built / "kube-scheduler").unlink()
    before = traces.of_machine()
    lab = Lab(tmp_path, nodes=1, kubernetes=built)
    with pytest.raises(AssertionError, match="kube-scheduler ended"):
        lab.__enter__()
    assert traces.of_run(lab.run, lab.network.bridge) == []
    assert traces.of_machine() == before


KILLED = """
import signal, sys
from pathlib import Path
from lab.kubernetes.lab import Lab

lab = Lab(Path(sys.argv[1]), nodes=1)
lab.__enter__()
print(lab.run, lab.network.bridge, flush=True)
signal.pause()
"""


def test_nothing_is_left_of_one_whose_tests_are_killed(tmp_path: Path) -> None:
    need_lab()
    before = traces.of_machine()
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    root = programs.LAYOUT.project
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout
        run, bridge = tests.stdout.readline().split()
        assert len(traces.of_run(run, bridge)) > 10
        tests.kill()
    until(lambda: not traces.of_run(run, bridge), 30, lambda: str(traces.of_run(run, bridge)))
    until(lambda: not list(tmp_path.iterdir()), 30, lambda: "its folder is there")
    assert traces.of_machine() == before
