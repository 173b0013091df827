"""One run at a time on a node, and an end to each."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.node.processes import eventually

pytestmark = pytest.mark.slow


@contextmanager
def held(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def fake(folder: Path, command: str, script: str) -> Path:
    """A folder in front of PATH in which a command does something else."""
    folder.mkdir(exist_ok=True)
    (folder / command).write_text(f"#!/bin/sh\n{script}\n")
    (folder / command).chmod(0o755)
    return folder


@pytest.mark.soak
def test_a_second_run_waits_for_the_first(single):
    command = single.plan().commands["etcd1-prepare"]
    lock = single.root("etcd1") / "state" / "lock"
    with held(lock):
        second = single.start(command, "create")
        time.sleep(3.5)
        assert second.poll() is None, "it waits"
        assert not (single.root("etcd1") / "state" / "work").exists()
    output, errors = second.communicate(timeout=20)
    assert (second.returncode, output) == (0, "etcd1: ready for etcd 3.6.16\n")
    assert errors == f"waiting for the run that holds {lock}\n"


def test_a_lock_that_stays_is_an_error_with_its_name(single, timeouts):
    timeouts(run_s=1)
    lock = single.root("etcd1") / "state" / "lock"
    with held(lock):
        done = single.run(single.plan().commands["etcd1-prepare"], "create")
    done.failed(f"error: another run has held {lock} for 1 s; look what it waits for, or end it")
    assert done.status == 75


def test_two_first_starts_at_once_give_one_member(single):
    commands = single.plan().commands
    single.run(commands["etcd1-prepare"], "create").ok()
    both = [single.start(commands["etcd1-apply"], "create") for _ in range(2)]
    outputs = sorted(run.communicate(timeout=60)[0] for run in both)
    assert outputs == ["etcd1: started\n", "etcd1: unchanged\n"]
    assert single.pid("etcd1")


@pytest.mark.soak
def test_a_run_without_an_end_is_ended(single, timeouts, tmp_path):
    timeouts(run_s=2)
    stuck = fake(tmp_path / "fake", "supervisord", "exec sleep 15")
    commands = single.plan().commands
    single.run(commands["etcd1-prepare"], "create").ok()
    done = single.run(commands["etcd1-apply"], "create", first_on_path=stuck)
    done.failed("error: apply did not finish within 2 s")
    if single.shell.name == "dash":  # busybox's timeout ends its command, not what that has started
        assert done.seconds < 10
    assert not (single.root("etcd1") / "state" / "work").exists()


def test_a_run_whose_starter_was_killed_keeps_the_lock(single, tmp_path):
    """The engine may be killed; what it has started on a node goes on, and nobody joins in."""
    release = tmp_path / "release"
    slow = fake(
        tmp_path / "fake",
        "supervisord",
        f'touch {tmp_path}/reached; while [ ! -e {release} ]; do sleep 0.1; done; rm "$0"; '
        'exec supervisord "$@"',
    )
    commands = single.plan().commands
    single.run(commands["etcd1-prepare"], "create").ok()
    first = single.start(commands["etcd1-apply"], "create", first_on_path=slow)
    eventually((tmp_path / "reached").exists, "the first run starts supervisord")
    os.kill(first.pid, 9)
    first.wait(10)
    second = single.start(commands["etcd1-apply"], "create")
    time.sleep(1.5)
    assert second.poll() is None, "it waits for what the first one left running"
    release.touch()
    output, errors = second.communicate(timeout=60)
    assert (second.returncode, output) == (0, "etcd1: unchanged\n"), errors
    assert single.pid("etcd1"), "one etcd"


@pytest.mark.parametrize("share", [0, 0.01, 0.5])
def test_a_standard_input_that_breaks_off_changes_nothing(single, share):
    """Also in its first line, which is a script."""
    commands = single.plan().commands
    single.run(commands["etcd1-prepare"], "create").ok()
    files = single.files("etcd1")
    apply = commands["etcd1-apply"]
    apply.inputs["stdin"] = apply.inputs["stdin"][: int(len(apply.inputs["stdin"]) * share)]
    assert single.run(apply, "create").status != 0
    assert single.files("etcd1") == files
