"""A network that fails while members are restarted one by one: the change stops, and goes on when
it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.member import timeouts
from lab.hosts.cluster import ClusterOnHosts
from lab.hosts.cut_off import FLAGS, ask_for_a_restart
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_stack
from lab.interruptions import begin_up
from lab.stack import REPOSITORY, TIMEOUT_S, EtcdStack
from lab.watchers.onlooker import onlooker_of
from ops.engine.events import Finished

# tests/model cuts members off at any time, though without an engine.
pytestmark = [pytest.mark.slow, pytest.mark.soak]

GATE_S = 12  # instead of 30: how long a member waits for the others before it refuses


@pytest.fixture(scope="module")
def cluster(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> ClusterOnHosts:
    machines = hosts.start("etcd1", "etcd2", "etcd3")
    login = {
        "private_key": hosts.login_key.read_text(),
        "dial_attempts": 2,
        "dial_timeout_s": 3,
    }
    stack = host_stack(tmp_path_factory.mktemp("stack"), machines, ssh=login, flags=FLAGS)
    shorten_gate(stack)
    stack.up().ok()
    return ClusterOnHosts(stack, machines)


def shorten_gate(stack: EtcdStack) -> None:
    """In the stack's own copy of the program."""
    table = stack.folder / Path(timeouts.__file__).relative_to(REPOSITORY)
    text = table.read_text()
    assert text.count("gate_s: int = 30") == 1
    table.write_text(text.replace("gate_s: int = 30", f"gate_s: int = {GATE_S}"))


@contextmanager
def one_change(cluster: ClusterOnHosts, hosts: Hosts) -> Iterator[list[tuple[int, int]]]:
    """A change that restarts every member, begun inside and stopped by a broken network; then the
    network is mended, and one `up` completes it. Gives the members' runs of before."""
    ask_for_a_restart(cluster)
    before = cluster.runs()
    with onlooker_of(cluster) as onlooker:
        try:
            yield before
        finally:
            hosts.heal()
        cluster.stack.up().ok()
    assert onlooker.most_down() <= 1
    assert not set(before) & set(cluster.runs()), "one was not restarted"
    cluster.wait_healthy()


def cut_during_up(cluster: ClusterOnHosts, cut: Callable[[], None]) -> str:
    """An `up` that fails because of what is cut as soon as etcd1 has had its turn; its output."""
    engine = begin_up(cluster.stack, "t-etcd1-apply", Finished)
    cut()
    output, _ = engine.communicate(timeout=TIMEOUT_S)
    assert engine.returncode != 0, output
    return output


def test_a_member_that_the_others_do_not_reach_stops_a_change_before_it_begins(
    cluster: ClusterOnHosts, hosts: Hosts
) -> None:
    etcd1, etcd2, etcd3 = cluster.hosts
    with one_change(cluster, hosts) as before:
        hosts.partition(etcd3, etcd1, etcd2)
        refused = cluster.stack.up()
        assert refused.status != 0
        assert "etcd1: not restarted: etcd3 must be healthy first" in refused.output
        assert cluster.runs() == before


def test_a_member_that_is_cut_off_during_a_change_stops_it_before_the_next_member(
    cluster: ClusterOnHosts, hosts: Hosts
) -> None:
    etcd1, etcd2, etcd3 = cluster.hosts
    with one_change(cluster, hosts) as before:
        output = cut_during_up(cluster, lambda: hosts.partition(etcd3, etcd1, etcd2))
        assert "etcd2: not restarted: etcd3 must be healthy first" in output
        done, *others = cluster.runs()
        assert done != before[0]
        assert others == before[1:]
    assert cluster.runs()[0] == done, "it was restarted twice"


def test_a_host_that_nobody_reaches_any_more_is_named_after_as_many_dials_as_are_allowed(
    cluster: ClusterOnHosts, hosts: Hosts
) -> None:
    etcd2 = cluster.hosts[1]
    with one_change(cluster, hosts) as before:
        output = cut_during_up(cluster, lambda: hosts.partition(etcd2, controller=True))
        assert f"after 1 failed attempts: dial tcp {etcd2.address}:22: " in output
        assert "t-etcd2-apply" in output
        assert cluster.runs()[1:] == before[1:]
