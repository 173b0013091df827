"""An `up` that is cut off anywhere costs nothing but the next `up`."""

from __future__ import annotations

import json
import random
import signal

import pytest

from lab.interruptions import kill_engine, seeded_chance
from lab.ops_run import Shown, ops, start_ops
from lab.stack import EtcdStack, started_at
from lab.watchers.watch import Watch

pytestmark = [pytest.mark.slow, pytest.mark.soak]

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
    return seeded_chance()


def assert_whole(stack: EtcdStack) -> None:
    """Nothing is left of the interruption, nothing is left to do, every member is healthy."""
    # The engine writes them in place: a kill in between makes the state unreadable.
    assert list(stack.folder.glob("state/.pulumi/**/*.attrs")) == []
    state = stack.document("stack", "export")
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


@pytest.mark.promise("resumable", "dev")
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
        with Watch(running.down) as watch:
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
