"""What a node remembers between runs is in one table, and every note lives as long as that says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.machine.script_path import SCRIPT_PATH, SCRIPTS
from components.member.settings import render_settings
from tests.node.machine import Shell
from tests.support import scripts
from tests.support.preparation import base_settings

COMPONENTS = SCRIPTS.parents[1]
LIFETIMES = ("run", "process", "member", "node", "machine")
TABLE = re.compile(rf"^({'|'.join(LIFETIMES)}) +(\S+) +(\S.*)$", re.MULTILINE)
ROWS = TABLE.findall((SCRIPTS / "lib/notes.sh").read_text())
NOTES = {name: lifetime for lifetime, name, _ in ROWS}
# These deal with the folder as a whole.
OF_THE_WHOLE = {
    *("retire.sh", "lib/notes.sh"),
    *("preparation/folders.sh", "preparation/selinux.sh", "preparation/install_push.sh"),
}
# A name behind the state folder, as a script, its first lines (receive.sh) or Python puts it.
NAMED = re.compile(r"""(?:\$\(setting state_dir\)|"\$3|\{state\})"?/((?:[\w.*-]|\$\w+)+)""")
BARE = re.compile(r"setting state_dir\)(?!\"?/)")


def notes_in(text: str) -> set[str]:
    """The notes that a source names, as patterns."""
    return {re.sub(r"\$\w+", "*", name) for name in NAMED.findall(text)}


def sources() -> Iterator[tuple[str, str]]:
    """Every source of a node's and a pod's scripts, with its path."""
    for path in sorted(COMPONENTS.rglob("*")):
        if path.suffix in (".sh", ".py", ".initd"):
            root = next((root for root in SCRIPT_PATH if path.is_relative_to(root)), COMPONENTS)
            yield str(path.relative_to(root)), path.read_text()


def test_the_table_has_every_note_once_and_nothing_else():
    table = (SCRIPTS / "lib/notes.sh").read_text().split("NOTES'\n")[1].split("\nNOTES\n")[0]
    assert len(table.splitlines()) == len(ROWS) == len(NOTES)


def test_every_note_that_a_script_names_is_in_the_table():
    strangers = {path: notes_in(text) - NOTES.keys() for path, text in sources()}
    assert {path: names for path, names in strangers.items() if names} == {}


def test_every_note_of_the_table_is_one_of_a_script():
    named = set[str]().union(*(notes_in(text) for _, text in sources()))
    assert NOTES.keys() - named == set()


def test_nobody_writes_into_the_state_folder_by_another_name():
    assert {path for path, text in sources() if BARE.search(text)} == OF_THE_WHOLE


@pytest.mark.parametrize(
    "line",
    [
        ': >"$(setting state_dir)/another"',
        'echo >"$(setting state_dir)"/another',
        "memory=$(setting state_dir)/another",
        'mkdir "$3/another"',
        "pidfile={state}/another",
    ],
)
def test_a_note_that_is_written_and_not_in_the_table_is_found(line):
    assert notes_in(line) == {"another"}


# etcd and its runtime are none of this; every other command is.
WITHOUT_ETCD = """\
set -eu
umask 077
scripts=$1 export payload=$2 cut_at=$3 steps=$4
for source in "$scripts"/lib/*.sh "$scripts/retire.sh"; do . "$source"; done
for step in $(setting preparation_steps); do . "$scripts/preparation/$step.sh"; done
runtime_stop() { :; }
runtime_kill() { :; }
rehearsal_stop() { :; }
runtime_remove() { :; }
# Cut off, as by a power cut, in front of the change of that number.
step() {
  echo step >>"$steps"
  [ "$(grep -c . "$steps")" -ne "$cut_at" ] || { kill -KILL $$; exit 1; }
}
rm() { step; command rm "$@"; }
mv() { step; command mv "$@"; }
cp() { step; command cp "$@"; }
mkdir() { step; command mkdir "$@"; }
rmdir() { step; command rmdir "$@"; }
"""
NEVER = 0


@dataclass
class Node:
    """A node's folders, with every note and data in them."""

    shell: Shell
    folder: Path

    def __post_init__(self) -> None:
        for name in ("etc", "bin", "log", "state", "data/member/wal"):
            (self.folder / "node" / name).mkdir(parents=True)
        for name in NOTES:
            (self.state / name.replace("*", "5e1f")).write_text(f"{name}\n")
            (self.state / f"{name.replace('*', '5e1f')}.new").write_text("half-written")
        (self.state / "retired").unlink()
        (self.state / "data").write_text(f"prod etcd1 {self.folder}/node/data\n")

    @property
    def state(self) -> Path:
        return self.folder / "node/state"

    def notes(self) -> set[str]:
        return {path.name for path in self.state.iterdir()}

    def kept(self) -> list[Path]:
        return list((self.folder / "node").glob("data.retired-*"))

    def run(self, action: str, *, cut_at: int = NEVER) -> subprocess.CompletedProcess[str]:
        """One function of the scripts; `cut_at` counts its changes from 1."""
        payload = self.folder / "payload"
        payload.mkdir(exist_ok=True)
        mine = {"preparation_steps": "folders immutable data", "cluster": "prod", "authority": "a1"}
        mine |= {"immutable": "", "owner": "nobody:nogroup", "user": "root", "group": "root"}
        (payload / "settings").write_text(render_settings({**base_settings(self.folder), **mine}))
        steps = self.folder / "steps"
        steps.write_text("")
        arguments = [str(part) for part in (scripts.SCRIPTS, payload, cut_at, steps)]
        return subprocess.run(
            [self.shell.sh, "-c", WITHOUT_ETCD + action, "node", *arguments],
            env={"PATH": self.shell.path},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def node(shell: Shell, tmp_path: Path) -> Node:
    return Node(shell, tmp_path)


def test_a_retirement_leaves_what_the_machine_still_has_to_know(node):
    done = node.run("retire")
    assert done.returncode == 0, done
    outliving = {name for name, lifetime in NOTES.items() if lifetime in ("run", "machine")}
    assert node.notes() == outliving | {f"{name}.new" for name in outliving} - {"retired.new"}
    (kept,) = node.kept()
    assert (kept / "identity").read_text() == f"prod etcd1 {node.folder}/node/data\n"
    assert f"etcd1: stopped, data kept in {kept}\n" in done.stderr
    assert node.run("retire").stderr == done.stderr, "again"


CHECK = "folders_check"
# Without the notes that say that the folders are its own.
FORGOTTEN = 'for note in folders data started; do command rm "$(setting state_dir)/$note"; done; '
PROBLEM = 'problem() { echo "$*" >&2; exit 1; }; check_ways() { :; }; '


def test_a_machine_that_comes_back_with_all_of_its_notes_is_ours(node):
    done = node.run(FORGOTTEN + PROBLEM + CHECK)
    assert done.returncode == 0, done


@pytest.mark.parametrize("name", ["another", "left.bak", "etcd-notes", "xlock", "etcdxpid"])
def test_a_machine_with_another_file_there_is_somebody_elses(node, name):
    (node.state / name).write_text("")
    done = node.run(FORGOTTEN + PROBLEM + CHECK)
    assert (
        f"{node.state} holds files that this project did not make, {name} among them" in done.stderr
    )


def test_a_retirement_that_breaks_off_anywhere_comes_to_the_same_end(shell, tmp_path):
    whole = 0
    for cut_at in range(1, 100):
        node = Node(shell, tmp_path / str(cut_at))
        broken = node.run("retire", cut_at=cut_at)
        if broken.returncode == 0:
            break
        assert len(node.kept()) == 1 or (node.folder / "node/data/member").exists()
        begun = (node.state / "retired").exists()
        untouched = (node.state / "folders").exists() and (node.state / "immutable").exists()
        assert begun or untouched, "prepared no more, and nobody knows"
        done = node.run("retire")
        assert done.returncode == 0, done
        (kept,) = node.kept()
        assert (kept / "member/wal").is_dir()
        assert (kept / "identity").read_text() == f"prod etcd1 {node.folder}/node/data\n"
        assert not node.notes() & {"lived", "joining", "started", "data", "folders"}
        assert {"left", "snapshots", "firewall_services", "retired"} <= node.notes()
        whole = cut_at
    assert whole > len(NOTES) / 2, "it was cut off in so few places only"


@pytest.mark.parametrize("data", [True, False])
def test_after_a_retirement_that_broke_off_nothing_is_started(node, data):
    if not data:
        shutil.rmtree(node.folder / "node/data")
    broken = node.run("retire", cut_at=8)
    assert broken.returncode != 0
    done = node.run('. "$scripts/apply.sh"; require_prepared')
    assert done.returncode == 1
    assert "not started: an earlier removal of this node was interrupted" in done.stderr
