"""Real apiservers on what a stack exports: flags and files, and nothing else of etcd.

The tests of a cluster run in their order, on the cluster as the one before has left it. Of the two
apiservers one follows the outputs; the other one gets the same files and is never restarted until
it has to be.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lab.hosts.hosts import Hosts
from lab.hosts.machine import until
from lab.hosts.stack import host_stack
from lab.interruptions import LOG
from lab.kubernetes.apiserver import Apiserver, Home
from lab.kubernetes.backing_cluster import BackingCluster, InPods, SshHosts, ThisMachine
from lab.kubernetes.fixtures import need_lab
from lab.kubernetes.lab import Lab
from lab.kubernetes.pod_stack import pod_stack
from lab.kubernetes.traffic import Report, Traffic
from lab.loopback import own_network
from lab.operations.changes import lifetimes
from lab.stack import EtcdStack

pytestmark = pytest.mark.slow
UNTRUSTED_LIMIT_S = 60
FEWEST_WRITES = 20  # of traffic that shows something


@dataclass
class Proved:
    """`obedient` is restarted when the outputs want it."""

    backing: BackingCluster
    home: Home
    obedient: Apiserver

    @property
    def stack(self) -> EtcdStack:
        return self.backing.stack

    def up(self, **changes: Any) -> bool:
        """Changes the stack file, and puts the new files where they belong; whether apiservers
        have to restart by what the outputs say."""
        self.stack.change(**changes)
        self.stack.up().ok()
        return self.home.follow(self.stack.outputs())


def on_this_machine(folder: Path, _: pytest.FixtureRequest) -> BackingCluster:
    stack = EtcdStack(folder).create()
    return BackingCluster(stack, ThisMachine(stack))


def on_hosts(folder: Path, request: pytest.FixtureRequest) -> BackingCluster:
    hosts: Hosts = request.getfixturevalue("hosts")
    machines = hosts.start("etcd1", "etcd2", "etcd3")
    stack = host_stack(folder, machines)
    return BackingCluster(stack, SshHosts({host.name: host for host in machines}))


def in_pods(folder: Path, request: pytest.FixtureRequest) -> BackingCluster:
    lab: Lab = request.getfixturevalue("lab")
    stack = pod_stack(lab, folder, "proved", kubernetes={"spread": "preferred"})
    among = lab.nodes[0].among()
    return BackingCluster(stack, InPods(lab, "proved"), among, str(lab.addresses.controller))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(on_this_machine, id="members"),
        pytest.param(on_hosts, id="hosts", marks=pytest.mark.soak),
        pytest.param(in_pods, id="pods", marks=pytest.mark.soak),
    ],
)
def proved(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proved]:
    need_lab()
    make: Callable[[Path, pytest.FixtureRequest], BackingCluster] = request.param
    backing = make(tmp_path_factory.mktemp("stack"), request)
    folder = tmp_path_factory.mktemp("apiservers")
    home = Home(folder, own_network(), backing.nameserver)
    obedient = Apiserver(home)
    try:
        began_s = time.monotonic()
        backing.stack.up().ok()
        up_s = time.monotonic() - began_s
        home.follow(backing.stack.outputs())
        ready_s = obedient.start()
        LOG.warning("%s: up %.1f s, apiserver ready after %.1f s", make.__name__, up_s, ready_s)
        yield Proved(backing, home, obedient)
    finally:
        obedient.kill()
        backing.stack.remove()


@pytest.fixture(scope="module")
def idle(proved: Proved) -> Iterator[Apiserver]:
    """Another apiserver, which nobody restarts when the outputs want it."""
    made = Apiserver(proved.home, 6444)
    try:
        made.start()
        yield made
    finally:
        made.kill()


def assert_kept(report: Report) -> None:
    """No write failed and none was lost."""
    counted = "%d writes, %d attempts more, the longest took %.1f s: %s"
    LOG.warning(counted, report.written, len(report.again), report.longest_s, set(report.again))
    assert report.written >= FEWEST_WRITES, report
    assert not report.failed, report
    assert not report.lost, report


def test_it_starts_from_the_flags_and_files_alone(proved: Proved) -> None:
    told = proved.stack.outputs()["apiserver"]["apiserver"]
    assert proved.home.files() == told["files"]
    assert proved.obedient.api.get("/readyz") == (200, "ok")
    with Traffic("first", [proved.obedient.api]) as traffic:
        traffic.wait_written(FEWEST_WRITES)
    assert_kept(traffic.report())
    keys = proved.backing.etcdctl("get", "--prefix", "--keys-only", "/registry/configmaps/default/")
    assert "/registry/configmaps/default/first-1\n" in keys.stdout


@pytest.mark.soak
def test_it_writes_on_while_a_member_is_down(proved: Proved) -> None:
    leader = proved.backing.leader()
    down = next(name for name in proved.stack.spec["nodes"] if name != leader)
    with Traffic("down", [proved.obedient.api]) as traffic:
        proved.backing.place.switch_off(down)
        time.sleep(3)
        proved.backing.place.switch_on(down)
        proved.backing.wait_healthy()
    assert_kept(traffic.report())
    assert proved.obedient.api.is_ready()


@pytest.mark.soak
def test_it_writes_on_when_leaves_are_renewed_and_then_the_leader_restarts(
    proved: Proved, idle: Apiserver
) -> None:
    """The restart is what makes it present its new certificate."""
    before = proved.home.files()
    with Traffic("renewed", [proved.obedient.api, idle.api]) as traffic:
        assert not proved.up(pki={"lifetimes": lifetimes(300)})
        proved.backing.place.restart(proved.backing.leader())
        proved.backing.wait_healthy()
    after = proved.home.files()
    assert [path for path in before if before[path] != after[path]] == [
        "/etc/kubernetes/pki/etcd/apiserver.crt"
    ]
    assert_kept(traffic.report())
    assert (proved.obedient.starts, idle.starts) == (1, 1)


@pytest.mark.soak
def test_it_follows_a_rotation_by_what_the_outputs_say(proved: Proved, idle: Apiserver) -> None:
    obedient = proved.obedient
    pki = proved.stack.spec.get("pki", {})
    with Traffic("rotated", [obedient.api, idle.api]) as traffic:
        assert proved.up(pki={**pki, "trusted": [1, 2]}), "the bundle is read at the start"
        obedient.restart()
        assert not proved.up(pki={**pki, "signing": 2, "trusted": [1, 2]})
        assert idle.api.is_ready(), "connections that it has go on"
        # Every member restarts, which no certificate of the former authority outlives.
        assert proved.up(pki={**pki, "signing": 2, "trusted": [2]})
        assert obedient.api.is_ready(), obedient.tail()
        until(lambda: not idle.api.is_ready(), UNTRUSTED_LIMIT_S, idle.tail)
        assert "certificate signed by unknown authority" in idle.log.read_text()
        idle.restart()
        obedient.restart()
    assert_kept(traffic.report())
