"""An `up` over SSH that is cut off: the controller dies, a host dies, a person stops it."""

from __future__ import annotations

import random
import signal
import time

import pytest

from lab.hosts.cluster import ClusterOnHosts, run_of
from lab.hosts.cut_off import (
    FLAGS,
    ask_for_a_restart,
    assert_whole,
    die_in_up,
    scripts,
    stopped,
    wait_for_script,
)
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_stack
from lab.interruptions import LOG, begin_up, says, seeded_chance
from lab.stack import TIMEOUT_S
from lab.watchers.onlooker import onlooker_of
from ops.engine.events import Finished, Started

pytestmark = [pytest.mark.slow, pytest.mark.soak]

# Where the controller dies in a first creation, one run after the other: at this event of this
# resource, and up to so many seconds later. What has not finished is begun anew by the next run.
CREATION: list[tuple[str, type[Started] | type[Finished], float]] = [
    ("t-authority-node-etcd1-server", Started, 0.2),
    ("t-etcd1-clock", Finished, 0.0),
    ("t-etcd1-binaries", Started, 0.1),
    ("t-etcd2-binaries", Finished, 0.0),
    ("t-etcd2-prepare", Started, 0.6),
    ("t-etcd1-prepare", Finished, 0.0),
    ("t-etcd1-apply", Started, 0.7),
    ("t-etcd2-apply", Started, 1.0),
    ("t-etcd3-apply", Started, 0.7),
    ("t-health", Started, 0.1),
]
# And in three rolling changes, between so many seconds into each: a restart takes one or two.
EARLY, MIDDLE, LATE = (0.0, 0.3), (0.3, 0.7), (0.7, 1.2)
HEALTH = ("t-health", (0.0, 0.1))
CHANGES = [
    [("t-etcd1-apply", EARLY), ("t-etcd2-apply", MIDDLE), ("t-etcd3-apply", LATE)],
    [("t-etcd1-apply", MIDDLE), ("t-etcd2-apply", LATE), ("t-etcd3-apply", EARLY)],
    [("t-etcd1-apply", LATE), ("t-etcd2-apply", EARLY), ("t-etcd3-apply", MIDDLE), HEALTH],
]
PLUGIN_LIMIT_S = 60


@pytest.fixture
def chance() -> random.Random:
    return seeded_chance()


@pytest.fixture(scope="module")
def cluster(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> ClusterOnHosts:
    """Not yet up: two machines with systemd, between them one with OpenRC and busybox."""
    first, last = hosts.start("etcd1", "etcd3")
    (between,) = hosts.start("etcd2", image="openrc", userland="busybox")
    machines = [first, between, last]
    stack = host_stack(tmp_path_factory.mktemp("stack"), machines, flags=FLAGS)
    return ClusterOnHosts(stack, machines)


@pytest.fixture
def running(cluster: ClusterOnHosts) -> ClusterOnHosts:
    cluster.stack.up().ok()
    return cluster


def test_a_creation_that_is_killed_ten_times_is_completed(
    cluster: ClusterOnHosts, chance: random.Random
) -> None:
    for resource, event, within_s in CREATION:
        engine = begin_up(cluster.stack, resource, event)
        die_in_up(cluster, engine, chance.uniform(0, within_s))
    cluster.stack.up().ok()
    cluster.stack.run("refresh", "--yes", "--clear-pending-creates").ok()
    state = cluster.stack.document("stack", "export")
    assert "pending_operations" not in state["deployment"]
    assert_whole(cluster)


def test_changes_that_are_killed_ten_times_are_completed_with_one_member_down_at_most(
    running: ClusterOnHosts, chance: random.Random
) -> None:
    with onlooker_of(running) as onlooker:
        for places in CHANGES:
            ask_for_a_restart(running)
            before = running.runs()
            for resource, span_s in places:
                die_in_up(running, begin_up(running.stack, resource), chance.uniform(*span_s))
            running.stack.up().ok()
            assert not set(before) & set(running.runs()), "one was not restarted"
    LOG.warning("%.1f looks a second", onlooker.looks_per_s)
    assert onlooker.most_down() <= 1
    assert onlooker.looks_per_s > 1, "a restart takes longer than that"
    assert_whole(running)


def test_the_next_up_waits_for_a_script_that_a_dead_one_has_left(
    running: ClusterOnHosts,
) -> None:
    first, *others = running.hosts
    ask_for_a_restart(running)
    before = running.runs()
    with onlooker_of(running) as onlooker:
        engine = begin_up(running.stack, "t-etcd1-apply")
        wait_for_script(first)
        with stopped(scripts(first)):
            die_in_up(running, engine, 0)
            following = running.stack.start("up", "--yes", "--skip-preview", "--json")
            assert says(following, "waiting for the run that holds")
            assert [run_of(host) for host in others] == before[1:]
        output, _ = following.communicate(timeout=TIMEOUT_S)
        assert following.returncode == 0, output
    assert onlooker.most_down() <= 1
    assert_whole(running)


def test_a_host_that_loses_power_in_its_turn_goes_on_afterwards(
    running: ClusterOnHosts, chance: random.Random
) -> None:
    victim = running.hosts[1]
    ask_for_a_restart(running)
    before = running.runs()
    with onlooker_of(running) as onlooker:
        engine = begin_up(running.stack, "t-etcd2-apply")
        wait_for_script(victim)
        time.sleep(chance.uniform(0, 0.6))
        victim.power_off()
        victim.power_on()
        victim.wait_ready()
        output, _ = engine.communicate(timeout=PLUGIN_LIMIT_S)
        assert engine.returncode != 0
        assert "t-etcd2-apply" in output
        assert running.runs()[2] == before[2]
        running.stack.up().ok()
    assert onlooker.most_down() <= 1
    assert_whole(running)


@pytest.mark.promise("resumable", "hosts")
def test_an_interrupted_up_ends_after_the_member_under_way(running: ClusterOnHosts) -> None:
    ask_for_a_restart(running)
    before = running.runs()
    engine = begin_up(running.stack, "t-etcd1-apply")
    # An interrupt ends attempts to connect, but not what runs.
    wait_for_script(running.hosts[0])
    engine.send_signal(signal.SIGINT)
    output, _ = engine.communicate(timeout=TIMEOUT_S)
    assert engine.returncode != 0, output
    done, *others = running.runs()
    assert done != before[0]
    assert others == before[1:]
    running.wait_healthy()
    running.stack.up().ok()
    assert running.runs()[0] == done
    assert_whole(running)
