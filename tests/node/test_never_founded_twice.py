"""What a machine notes of its member, and that nobody founds a second cluster beside the first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.node.machine import Shell
from tests.support.libraries import run_actions

Machine = Callable[..., CompletedProcess[str]]
AUTHORITY, ANOTHER = "authority 1", "authority 2"
MEMBERS = """\
a1, started, etcd1, https://10.0.0.1:2380, https://10.0.0.1:2379, false
b2, started, etcd2, https://10.0.0.2:2380, https://10.0.0.2:2379, false
c3, started, etcd3, https://10.0.0.3:2380, https://10.0.0.3:2379, false"""


@pytest.fixture
def machine(shell: Shell, tmp_path: Path) -> Machine:
    """Runs code of apply and leave for etcd1, whose folder of notes is `tmp_path`."""

    def run(code: str, bootstrap_differs: str = "") -> CompletedProcess[str]:
        settings = {
            "state_dir": tmp_path,
            "name": "etcd1",
            "authority": AUTHORITY,
            "bootstrap_differs": bootstrap_differs,
        }
        return run_actions(shell, settings, code)

    return run


@pytest.mark.parametrize(
    ("mode", "note", "reason"),
    [
        ("create", "", ""),
        ("create", f"left {ANOTHER}", ""),
        ("create", f"left {AUTHORITY}", "this machine's member was removed from its cluster"),
        ("create", "lived", "a member never starts empty under its old identity"),
        ("update", "", "a member never starts empty under its old identity"),
    ],
)
def test_who_may_found(machine: Machine, tmp_path: Path, mode: str, note: str, reason: str) -> None:
    name, _, text = note.partition(" ")
    if name:
        (tmp_path / name).write_text(f"{text}\n" if text else "")
    done = machine(f"require_bootstrap_is_safe {mode}; echo founds")
    assert (done.stdout == "founds\n") is not bool(reason)
    assert reason in done.stderr


def test_nobody_founds_with_others_than_at_first(machine: Machine) -> None:
    done = machine("require_bootstrap_is_safe create; echo founds", "was founded by etcd7")
    assert done.stdout == ""
    assert "it was founded by etcd7. Start its members" in done.stderr


LEAVES = (
    f"members() {{ echo '{MEMBERS}'; }}; require_others_healthy() {{ :; }}; "
    "runtime_stop() { :; }; remove_member() { :; }; leave delete"
)


def test_who_leaves_notes_it(machine: Machine, tmp_path: Path) -> None:
    assert machine(LEAVES).stdout == "etcd1: left the cluster\n"
    assert (tmp_path / "left").read_text() == f"{AUTHORITY}\n"


def test_who_was_removed_meanwhile_notes_it_too(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "lived").touch()
    done = machine(LEAVES.replace("etcd1", "etcd9"))
    assert "had already been removed from the cluster" in done.stdout
    assert (tmp_path / "left").read_text() == f"{AUTHORITY}\n"


def test_who_is_a_member_again_has_not_left(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "left").write_text(f"{AUTHORITY}\n")
    assert machine("note_started_once; has_left || echo no").stdout == "no\n"
