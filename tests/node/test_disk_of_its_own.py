"""The end of a node whose data folder is a disk of its own: the disk stays where it is."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from components.member.settings import render_settings
from tests.support.preparation import base_settings
from tests.support.scripts import SCRIPTS

# $0 is the data folder, $1 where to list what the disk has at the end; then the command.
ON_A_DISK = """
data=$0 list=$1
shift
mount -t tmpfs tmpfs "$data" && mkdir -p "$data/member/wal" "$data/lost+found" || exit 99
"$@"
status=$?
(cd "$data" && find . -mindepth 1) >"$list"
exit "$status"
"""
NOTHING_RUNS = ("runtime_stop", "runtime_kill", "runtime_remove", "rehearsal_stop")
WITHOUT_ETCD = "".join(f"{name}() {{ :; }}\n" for name in NOTHING_RUNS)
# Whose the data is, which goes with it, and what is true of a member that lives.
RECORD, NOTES = "data", ("started", "starting", "places", "good", "lived")
Retire = Callable[[str], tuple[subprocess.CompletedProcess[str], list[str]]]


@pytest.fixture(params=["plain", "with a space"])
def node(request, tmp_path) -> Path:
    """The folder of a node's folders."""
    folder = tmp_path / request.param
    for name in ("data", "state", "log", "bin", "etc"):
        (folder / "node" / name).mkdir(parents=True)
    for note in (RECORD, *NOTES):
        (folder / "node/state" / note).write_text(f"{note}\n")
    return folder


@pytest.fixture
def retire(shell, node) -> Retire:
    """Ends the node; what its disk has then."""

    def run(on_destroy: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
        (node / "payload").mkdir()
        settings = {**base_settings(node), "on_destroy": on_destroy}
        (node / "payload/settings").write_text(render_settings(settings))
        code = (
            f"set -eu; umask 077; payload='{node}/payload'\n"
            f"for lib in '{SCRIPTS}'/lib/*.sh '{SCRIPTS}/retire.sh'; do . \"$lib\"; done\n"
        )
        before = ("unshare", "--map-root-user", "--mount", "sh", "-c", ON_A_DISK)
        code += f"{WITHOUT_ETCD}retire"
        done = subprocess.run(
            [*before, node / "node/data", node / "list", shell.sh, "-c", code],
            env={"PATH": shell.path},
            capture_output=True,
            text=True,
            check=False,
        )
        return done, sorted((node / "list").read_text().splitlines())

    return run


def test_kept_data_stays_on_its_disk(retire, node):
    done, left = retire("keep")
    assert done.returncode == 0, done
    (kept,) = [name for name in left if name.startswith("./retired-") and name.count("/") == 1]
    folders = [f"{kept}/member", f"{kept}/member/wal"]
    assert left == ["./lost+found", kept, f"{kept}/identity", *folders]
    assert f"stopped, data kept in {node}/node/data/{kept[2:]}\n" in done.stderr
    assert [path.name for path in (node / "node/state").iterdir()] == ["retired"]


def test_a_wipe_empties_the_disk(retire, node):
    done, left = retire("wipe")
    assert done.returncode == 0, done
    assert left == ["./lost+found"]
    assert [path.name for path in (node / "node").iterdir()] == ["data"]
