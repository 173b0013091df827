"""Runs that are killed half-way, wherever that is: the next one completes them.

A command on the node's PATH stops at its n-th call; then the whole run is killed, as by a power
cut, except for what has become a daemon.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from lab.interruptions import seeded_chance
from tests.node.asking import etcdctl
from tests.node.machine import Machine, Mode
from tests.node.processes import environment, eventually, kill_session
from tests.node.program import Resource
from tests.node.test_node_changes import CHANGE, REFUSED

pytestmark = pytest.mark.slow

STOPPING = """#!/bin/sh
PATH="{path}"
echo >>"{calls}"
if [ "$(wc -l <"{calls}")" -eq {number} ]; then
  : >"{reached}"
  sleep 60
fi
exec {command} "$@"
"""
# Every step of a change that others see: files copied, moved, linked, and etcd restarted.
POINTS = [
    *(("mv", number) for number in range(1, 5)),
    *(("ln", number) for number in range(1, 3)),
    ("cp", 1),
    *(("rm", number) for number in range(2, 7)),
]
FIRST_POINTS = [*POINTS, ("supervisord", 1), ("mv", 5), ("mv", 6)]
# The model kills scripts at every step; here a few of them show that real ones go on as it says.
WITNESSES = 1


def sampled(points: list[tuple[str, int]], count: int = WITNESSES) -> list[ParameterSet]:
    """Shells with points: `count` by TEST_SEED, the same under both shells; all others are for CI,
    under dash."""
    chosen = seeded_chance().sample(points, count)
    return [
        pytest.param(
            shell,
            point,
            marks=() if point in chosen else pytest.mark.soak,
            id=f"{shell}-{point[0]}-{point[1]}",
        )
        for shell in ("dash", "busybox")
        for point in points
        if shell == "dash" or point in chosen
    ]


def interrupted(
    machine: Machine, command: Resource, mode: Mode, point: tuple[str, int], tmp_path: Path
) -> bool:
    """Kills the run at the n-th call of a command; false if it ended before that."""
    name, number = point
    folder = tmp_path / "stopping"
    folder.mkdir()
    reached = folder / "reached"
    (folder / name).write_text(
        STOPPING.format(
            path=machine.shell.path,
            calls=folder / "calls",
            reached=reached,
            number=number,
            command=name,
        )
    )
    (folder / name).chmod(0o755)
    run = machine.start(command, mode, first_on_path=folder)
    eventually(lambda: reached.exists() or run.poll() is not None, f"{name} is called", 60)
    kill_session(run.pid)
    run.communicate(timeout=20)
    return reached.exists()


def completed(machine: Machine, mode: Mode, **settings: object) -> dict[str, str]:
    """The next `up`: it succeeds, says so once more, and leaves nothing of the killed run."""
    plan = machine.plan(**settings)
    machine.up(mode, plan)["health"].ok()
    assert machine.up("update", plan)["etcd1-apply"].ok().output == "etcd1: unchanged\n"
    root = machine.root("etcd1")
    assert not (root / "state" / "work").exists()
    assert not list((root / "etc" / "generations").glob("*.new"))
    return environment(machine.pid("etcd1"))


@pytest.mark.parametrize(("shell", "point"), sampled(FIRST_POINTS), indirect=["shell"])
def test_a_first_start(single, tmp_path, point):
    commands = single.plan().commands
    single.run(commands["etcd1-prepare"], "create").ok()
    assert interrupted(single, commands["etcd1-apply"], "create", point, tmp_path)
    completed(single, "create")


@pytest.mark.parametrize(("shell", "point"), sampled(POINTS), indirect=["shell"])
def test_a_restart(single, tmp_path, point):
    single.found()
    assert etcdctl(single, "etcd1", "put", "key", "value").returncode == 0
    assert interrupted(
        single, single.plan(**CHANGE).commands["etcd1-apply"], "update", point, tmp_path
    )
    assert completed(single, "update", **CHANGE)["ETCD_MAX_TXN_OPS"] == "256"
    assert etcdctl(single, "etcd1", "get", "key").stdout == "key\nvalue\n"


@pytest.mark.soak
@pytest.mark.parametrize(("shell", "point"), sampled([("mv", 3), ("mv", 4)], 1), indirect=["shell"])
def test_a_restart_that_is_then_taken_back(single, tmp_path, point):
    single.found()
    assert interrupted(
        single, single.plan(**CHANGE).commands["etcd1-apply"], "update", point, tmp_path
    )
    assert "ETCD_MAX_TXN_OPS" not in completed(single, "update")


@pytest.mark.soak
def test_a_change_that_etcd_would_refuse_keeps_its_way_back(single, tmp_path):
    """Killed after the switch and before the restart: what is in use is not what is good."""
    single.found()
    refused = single.plan(**REFUSED)
    at_note = ("mv", 3)  # good, generation, current
    assert interrupted(single, refused.commands["etcd1-apply"], "update", at_note, tmp_path)
    (tmp_path / "stopping").rename(tmp_path / "first")
    current = single.root("etcd1") / "etc" / "current"
    current.unlink()
    current.symlink_to((single.root("etcd1") / "etc" / "current.new").readlink())
    done = single.run(refused.commands["etcd1-apply"], "update")
    done.failed(
        "etcd did not become healthy with the change, and runs again on its former files", "NOPE"
    )
    completed(single, "update")


def test_a_renewal(single, tmp_path):
    single.found()
    starts = single.starts()
    single.program.forget("t-authority-node-etcd1-server")
    assert interrupted(single, single.plan().commands["etcd1-apply"], "update", ("mv", 1), tmp_path)
    completed(single, "update")
    assert single.starts() == starts
