"""Another version on a living cluster: what is refused before anything is touched, and every member
taken to the next minor and back with real etcds."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.node.asking import etcdctl, make_leader
from tests.node.machine import BINARIES, Done, Machine
from tests.support.shells import DASH

FIRST, SECOND, THIRD = "3.5.35", "3.6.16", "3.7.3"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.soak,
    pytest.mark.skipif(
        not all((BINARIES / version / "etcd").exists() for version in (FIRST, SECOND, THIRD)),
        reason="needs etcd of three minors; `make etcds` gets them",
    ),
]


def founded(machine: Machine, version: str, **settings: Any) -> None:
    for done in machine.up("create", machine.plan(version=version, **settings)).values():
        done.ok()
    write(machine, "founded", version)


def write(machine: Machine, key: str, value: str) -> None:
    assert etcdctl(machine, "etcd1", "put", key, value).returncode == 0


def read(machine: Machine, node: str, key: str) -> str:
    return etcdctl(machine, node, "get", key, "--print-value-only").stdout.strip()


def versions(machine: Machine) -> list[str]:
    """What each process says of itself."""
    return [status(machine, node, "Version") for node in machine.node_names]


def status(machine: Machine, node: str, field: str) -> str:
    told = etcdctl(machine, node, "endpoint", "status", "--write-out=fields").stdout
    found = re.search(rf'^"{field}" : "?([^"\n]*)"?$', told, re.MULTILINE)
    assert found, told
    return found[1]


def to(machine: Machine, version: str) -> dict[str, Done]:
    """An `up` with another version, which must succeed."""
    done = machine.up("update", machine.plan(version=version))
    for one in done.values():
        one.ok()
    assert versions(machine) == [version] * machine.nodes
    return done


def first_goes_to(machine: Machine, version: str) -> None:
    """As far as an `up` with another version comes that breaks off then."""
    commands = machine.plan(version=version).commands
    for action in ("prepare", "apply"):
        machine.run(commands[f"etcd1-{action}"], "update").ok()


def snapshots(machine: Machine, node: str) -> list[Path]:
    folder = machine.root(node) / "state" / "snapshots"
    return sorted(folder.iterdir()) if folder.exists() else []


def check_snapshot(machine: Machine, done: dict[str, Done], version: str) -> None:
    """The first member has made one, says so, and keeps no other."""
    (kept,) = snapshots(machine, "etcd1")
    assert kept.name == f"before-{version}.db"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    said = re.search(
        r"snapshot (\S+): revision ([0-9]+), [0-9.]+ [kM]B", done["etcd1-apply"].output
    )
    assert said, done["etcd1-apply"].output
    assert said[1] == str(kept)
    assert int(said[2]) > 1
    whole = subprocess.run([BINARIES / SECOND / "etcdutl", "snapshot", "status", kept], check=False)
    assert whole.returncode == 0
    assert snapshots(machine, "etcd2") == snapshots(machine, "etcd3") == []


def test_through_three_minors_and_back(machine):
    """At once after each other: etcd itself is not done yet with the last change."""
    founded(machine, FIRST)
    for version in (SECOND, THIRD, SECOND, FIRST):
        make_leader(machine, "etcd1")
        done = to(machine, version)
        check_snapshot(machine, done, version)
        assert "leadership transferred to etcd3" in done["etcd1-apply"].output
        write(machine, f"on {version}", version)
    again = machine.up("update", machine.plan(version=FIRST))
    assert again["etcd1-apply"].ok().output == "etcd1: unchanged\n"
    for node in machine.node_names:
        assert read(machine, node, "founded") == FIRST
        assert read(machine, node, f"on {THIRD}") == THIRD


@DASH
@pytest.mark.promise("skipped-minor-refused", "any")
def test_a_skipped_minor_reaches_nobody(machine):
    founded(machine, FIRST)
    was, files = machine.starts(), machine.files("etcd1")
    commands = machine.plan(version=THIRD).commands
    for node in machine.node_names:
        machine.run(commands[f"{node}-prepare"], "update").failed(
            f"it runs etcd {FIRST}, and the stack file asks for {THIRD}",
            f"set version to {SECOND}",
        )
    assert machine.starts() == was
    assert machine.files("etcd1") == files


@DASH
def test_three_versions_at_once(machine):
    """The first member went up, and then the stack file names yet another version."""
    founded(machine, FIRST)
    first_goes_to(machine, SECOND)
    was = machine.starts()
    commands = machine.plan(version=THIRD).commands
    machine.run(commands["etcd1-prepare"], "update").ok()
    machine.run(commands["etcd2-prepare"], "update").failed("goes from one minor to the next only")
    machine.run(commands["etcd1-apply"], "update").failed(
        f"it runs etcd {SECOND} and is to run {THIRD}",
        f"etcd2 runs {FIRST}",
        f"etcd3 runs {FIRST}",
    )
    assert machine.starts() == was


@DASH
def test_an_alarm(machine):
    """The database grows until etcd itself says that it is full."""
    founded(machine, SECOND, quota_mib=16)
    for number in range(20):
        if etcdctl(machine, "etcd1", "put", f"{number}", stdin="x" * 1_400_000).returncode:
            break
    assert "NOSPACE" in etcdctl(machine, "etcd1", "alarm", "list").stdout
    was = machine.starts()
    done = machine.up("update", machine.plan(version=THIRD, quota_mib=16))
    done["etcd1-apply"].failed(
        f"not changed to etcd {THIRD}", "alarm:NOSPACE", "etcdctl alarm disarm"
    )
    assert machine.starts() == was
    assert snapshots(machine, "etcd1") == []


@DASH
def test_a_member_that_is_down(machine):
    """Whether it is its own turn or another's: a cluster changes its minor as a whole."""
    founded(machine, SECOND)
    machine.kill_node("etcd1")
    commands = machine.plan(version=THIRD).commands
    for node in machine.node_names:
        machine.run(commands[f"{node}-prepare"], "update").ok()
    machine.run(commands["etcd1-apply"], "update").failed(
        f"not started with etcd {THIRD}: it is not healthy on etcd {SECOND}"
    )
    # It may follow one that has changed.
    machine.run(machine.plan(version=SECOND).commands["etcd1-apply"], "update").ok()
    machine.run(commands["etcd2-apply"], "update").ok()
    machine.kill_node("etcd1")
    machine.run(commands["etcd1-apply"], "update").ok()
    machine.run(commands["etcd3-apply"], "update").ok()
    assert versions(machine) == [THIRD] * 3


@DASH
@pytest.mark.parametrize("down", [["etcd1", "etcd2"], ["etcd1", "etcd2", "etcd3"]], ids=len)
def test_no_quorum(machine, down):
    """Whether somebody is left to say so or not. It comes back on its former version first."""
    founded(machine, SECOND)
    for node in down:
        machine.kill_node(node)
    files = machine.files("etcd1")
    commands = machine.plan(version=THIRD).commands
    machine.run(commands["etcd1-apply"], "update").failed(
        f"not started with etcd {THIRD}: it is not healthy on etcd {SECOND}", "set version back"
    )
    assert machine.files("etcd1") == files
    to(machine, SECOND)
    to(machine, THIRD)


@DASH
@pytest.mark.parametrize("version", [SECOND, FIRST], ids=["up", "down"])
def test_an_interrupted_change_goes_on(machine, version):
    before = {SECOND: FIRST, FIRST: SECOND}[version]
    founded(machine, before)
    first_goes_to(machine, version)
    write(machine, "mixed", "kept")
    kept = snapshots(machine, "etcd1")[0].read_bytes()
    done = to(machine, version)
    assert done["etcd1-apply"].output == "etcd1: unchanged\n"
    assert snapshots(machine, "etcd1")[0].read_bytes() == kept, "the one from before stays"
    assert snapshots(machine, "etcd2") == []
    assert read(machine, "etcd3", "mixed") == "kept"


@DASH
def test_a_downgrade_that_is_not_wanted_any_more(machine):
    founded(machine, SECOND)
    first_goes_to(machine, FIRST)
    assert status(machine, "etcd2", "DowngradeEnabled") == "true"
    done = to(machine, SECOND)
    assert "the downgrade that was going on is cancelled" in done["etcd1-apply"].output
    assert status(machine, "etcd2", "DowngradeEnabled") == "false"


@DASH
def test_an_upgrade_that_is_not_wanted_any_more(machine):
    """Before all members have gone up, going back is no downgrade."""
    founded(machine, SECOND)
    first_goes_to(machine, THIRD)
    done = to(machine, SECOND)
    assert "downgrade to etcd" not in done["etcd1-apply"].output
    assert read(machine, "etcd1", "founded") == SECOND


@DASH
def test_a_binary_that_does_not_start(machine, tmp_path):
    """It is what it says it is, so only its start shows it."""
    founded(machine, SECOND)
    installed = installed_with(
        tmp_path,
        THIRD,
        "etcd",
        f'[ "$1" != --version ] || {{ echo "etcd Version: {THIRD}"; exit; }}\n'
        'echo "panic: not today"\nexit 2',
    )
    done = machine.up("update", machine.plan(version=THIRD, install=installed))
    done["etcd1-apply"].failed("runs again on its former files", "not today")
    assert list(done)[-1] == "etcd1-apply", "nobody else was touched"
    assert versions(machine) == [SECOND] * 3
    assert read(machine, "etcd1", "founded") == SECOND


@DASH
def test_a_snapshot_that_is_not_whole(machine, tmp_path):
    installed = installed_with(tmp_path, SECOND, "etcdutl", "echo Error: it is broken; exit 1")
    founded(machine, SECOND, install=installed)
    was = machine.starts()
    done = machine.up("update", machine.plan(version=THIRD))
    done["etcd1-apply"].failed("not restarted: no snapshot could be made in ", "it is broken")
    assert machine.starts() == was
    assert snapshots(machine, "etcd1") == []


@DASH
def test_a_snapshot_without_a_place(machine):
    founded(machine, SECOND)
    (machine.root("etcd1") / "state" / "snapshots").write_text("")
    was = machine.starts()
    done = machine.up("update", machine.plan(version=THIRD))
    done["etcd1-apply"].failed("not restarted: no snapshot could be made in ", "exists")
    assert machine.starts() == was


def installed_with(folder: Path, version: str, program: str, text: str) -> dict[str, str]:
    """All versions as they are, but for one program of one of them."""
    for path in (folder / "installed" / name for name in (FIRST, SECOND, THIRD)):
        shutil.copytree(BINARIES / path.name, path, copy_function=link)
    changed = folder / "installed" / version / program
    changed.unlink()
    changed.write_text(f"#!/bin/sh\n{text}\n")
    changed.chmod(0o755)
    return {"directory": str(folder / "installed")}


def link(source: str, target: str) -> None:
    Path(target).symlink_to(source)
