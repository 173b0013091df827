"""An `up` that is cut off anywhere costs nothing but the next `up`."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import subprocess
import time

import pytest

from ops.events import Started, parse
from tests.engine.test_change import down
from tests.support.etcd_stack import EtcdStack, started_at
from tests.support.ops_run import Shown, ops, start_ops
from tests.support.watch import Watch

pytestmark = pytest.mark.slow

LOG = logging.getLogger(__name__)  # shown when a test fails

# Where the engine dies: as soon as it has begun this resource, and up to so many seconds later.
FIRST_UP = {
    "authority's key": ("t-authority", 0.2),
    "node's preparation": ("t-etcd2-prepare", 0.1),
    "first member": ("t-etcd1-apply", 1.0),
    "second member": ("t-etcd2-apply", 1.0),
    "third member": ("t-etcd3-apply", 1.0),
    "health check": ("t-health", 0.1),
}


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("TEST_SEED", time.time_ns() % 1_000_000))
    LOG.warning("repeat with TEST_SEED=%s", seed)
    return random.Random(seed)


def begin_up(stack: EtcdStack, resource: str) -> subprocess.Popen[str]:
    """An engine that has just begun an operation on that resource."""
    engine = stack.start("up", "--yes", "--skip-preview", "--json")
    assert engine.stdout
    for line in engine.stdout:
        event = parse(line)
        if isinstance(event, Started) and _is_about(event, resource):
            return engine
    raise AssertionError(f"{resource} was not begun")


def _is_about(event: Started, resource: str) -> bool:
    step = event.step
    return step.custom and step.op != "same" and step.resource.name.startswith(resource)


def kill_engine(stack: EtcdStack, resource: str, delay_s: float) -> None:
    """SIGKILL in the middle of `up`."""
    LOG.warning("SIGKILL %.2f s into %s", delay_s, resource)
    engine = begin_up(stack, resource)
    time.sleep(delay_s)
    engine.kill()
    engine.communicate(timeout=30)
    assert engine.returncode == -signal.SIGKILL, "it had ended before"


def assert_whole(stack: EtcdStack) -> None:
    """Nothing is left of the interruption, nothing is left to do, every member is healthy."""
    # The engine writes them in place: a kill in between makes the state unreadable.
    assert list(stack.folder.glob("state/.pulumi/**/*.attrs")) == []
    state = json.loads(stack.run("stack", "export").ok().output)
    assert "pending_operations" not in state["deployment"]
    members = {node: (pid, started_at(pid)) for node, pid in stack.pids().items()}
    assert "nothing to change" in ops(stack, "up").ok().stdout
    assert {node: (pid, started_at(pid)) for node, pid in stack.pids().items()} == members
    assert json.loads(ops(stack, "status", "--json").ok().stdout)["healthy"]


def completes(stack: EtcdStack) -> Shown:
    """One `make up`; no hand touches anything before it."""
    done = ops(stack, "up").ok()
    assert "its lock is removed" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.mark.parametrize("place", FIRST_UP)
def test_the_next_up_completes_a_first_one_that_was_killed(
    stack: EtcdStack, chance: random.Random, place: str
) -> None:
    resource, within_s = FIRST_UP[place]
    kill_engine(stack, resource, chance.uniform(0, within_s))
    completes(stack)
    assert_whole(stack)


def test_a_rolling_change_that_is_killed_goes_on_with_one_member_down_at_most(
    running: EtcdStack, chance: random.Random
) -> None:
    running.etcdctl("put", "written", "before")
    for turn, node in enumerate(running.spec["nodes"], start=1):
        before = running.pids()
        running.change(flags={"max-txn-ops": 256 + turn})
        with Watch(lambda: down(running)) as watch:
            kill_engine(running, f"t-{node}-apply", chance.uniform(0, 1.5))
            completes(running)
        assert max(len(names) for names in watch.seen) == 1, (node, watch.seen)
        assert not set(before.values()) & set(running.pids().values()), "one was not restarted"
        assert running.etcdctl("get", "written") == "written\nbefore\n"
    assert_whole(running)


def test_an_up_that_is_interrupted_ends_cleanly(stack: EtcdStack) -> None:
    run = start_ops(stack, "up")
    assert run.stdout
    # Its successor has begun then.
    assert any("created Command t-etcd1-apply" in line for line in run.stdout)
    run.send_signal(signal.SIGINT)
    stdout, stderr = run.communicate(timeout=60)
    assert run.returncode == 1, stdout + stderr
    assert "stopping after what is under way" in stderr
    assert "Traceback" not in stdout + stderr
    assert "the script failed" not in stderr
    assert list(stack.folder.glob("state/.pulumi/locks/**/*.json")) == []
    assert "its lock is removed" not in ops(stack, "up").ok().stdout
    assert_whole(stack)
