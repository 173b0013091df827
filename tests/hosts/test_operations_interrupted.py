"""Operations on a living cluster whose controller dies midway, while a client writes."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from lab.hosts.hosts import Hosts
from lab.hosts.living import LivingCluster
from lab.hosts.stack import host_stack
from lab.interruptions import LOG, kill_controller_after, seeded_chance
from lab.operations.operation import Operation, Step
from lab.operations.table import FEWEST, OPERATIONS

# Alone, as an operation that waits for others is seldom killed in the middle.
pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.alone]

KILLS = 8  # each run of soak has another seed
SPARES = 2
WORKERS = 4  # of the client
LATEST = 1.1  # of an operation's usual time: a few are over by then


@pytest.fixture(scope="module")
def chance() -> random.Random:
    return seeded_chance()


@pytest.fixture(scope="module")
def cluster(
    hosts: Hosts, chance: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> LivingCluster:
    machines = hosts.start(*(f"etcd{number + 1}" for number in range(FEWEST + SPARES)))
    stack = host_stack(tmp_path_factory.mktemp("stack"), machines[:FEWEST], consumers=[])
    return LivingCluster(stack, machines, chance.choice)


def test_operations_that_are_killed_are_completed_without_losing_a_write(
    cluster: LivingCluster, chance: random.Random
) -> None:
    tried: Counter[str] = Counter()
    kills = 0
    client = cluster.client()
    try:
        while kills < KILLS:
            operation = pick(cluster, tried, chance)
            tried[operation.name] += 1
            for step in operation.steps(cluster):
                kills += cut_off(cluster, step, operation, chance)
                client.follow(cluster.stack.outputs())
                cluster.assert_whole()
        cluster.stack.up("--expect-no-changes").ok()
        report = client.report()
    finally:
        client.stop()
    LOG.warning("%s", report)
    assert report["lost"] == 0
    # Each time that leadership moves or a machine dies may cost every worker the write under way.
    assert report["failed"] <= WORKERS * (report["elections"] + tried.total())


def pick(cluster: LivingCluster, tried: Counter[str], chance: random.Random) -> Operation:
    """One of those that were tried least, of all that fit the cluster as it is."""
    able = [operation for operation in OPERATIONS.values() if operation.fits(cluster)]
    least = min(tried[operation.name] for operation in able)
    return chance.choice([operation for operation in able if tried[operation.name] == least])


def cut_off(
    cluster: LivingCluster, step: Step, operation: Operation, chance: random.Random
) -> bool:
    """Begins the step, and completes it in the next `up`. Whether it was killed in between."""
    delay_s = chance.uniform(0, LATEST * operation.foundings * cluster.founded_s)
    LOG.warning("%s, SIGKILL after %.2f s", operation.title, delay_s)
    with cluster.watcher() as watcher:
        cluster.change(**step(cluster.stack.spec))
        engine = cluster.stack.start("up", "--yes", "--skip-preview", "--json")
        killed = kill_controller_after(engine, delay_s)
        if killed:
            cluster.stack.run("cancel", "--yes").ok()
        began_s = time.monotonic()
        cluster.stack.up().ok()
    took_s = time.monotonic() - began_s
    LOG.warning("%s, completed in %.1f s", "killed" if killed else "was over", took_s)
    assert watcher.most_down() <= 1
    return killed
