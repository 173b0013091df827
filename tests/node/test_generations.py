"""Former generations: the one that there is a way back to, and what people find in it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from components.member.settings import render_settings
from tests.support.preparation import base_settings
from tests.support.scripts import SCRIPTS

Run = Callable[[str], subprocess.CompletedProcess[str]]
NO_ETCD = """
runtime_restart() { :; }; is_healthy_or_waiting() { :; }; runtime_failure() { echo NOPE; }
announce_peer_url() { :; }; announce_peer_url_after_start() { :; }
"""
PLACES = ("client_url", "client_socket", "peer_url", "peer_socket", "listen_sockets")


@pytest.fixture
def run(shell, tmp_path) -> Run:
    """Runs code of `apply` on a node with the generations `former` and `used`."""
    for name in ("former", "used"):
        generation = tmp_path / "node/etc/generations" / name
        (generation / "pki").mkdir(parents=True)
        for file in ("cold", "profile.sh", "pki/server.key", "pki/operator.key"):
            (generation / file).touch()
        (generation / "pki/operator.pem").touch()
    (tmp_path / "node/etc/current").symlink_to("generations/used")
    (tmp_path / "node/state").mkdir()
    (tmp_path / "node/state/good").write_text("former\n")
    (tmp_path / "payload").mkdir()
    settings = {**base_settings(tmp_path), "generation": "used", "defragment": ""}
    settings |= {"bootstrap_differs": "", "cold": "5e1f", "trust": "signing=1 trusted=1"}
    settings |= {name: f"its {name}" for name in PLACES}
    (tmp_path / "payload/settings").write_text(render_settings(settings))

    def run(code: str) -> subprocess.CompletedProcess[str]:
        begin = (
            f"set -eu; umask 077; payload='{tmp_path}/payload'\n"
            f"for lib in '{SCRIPTS}'/lib/*.sh '{SCRIPTS}/apply.sh'; do . \"$lib\"; done\n"
        )
        return subprocess.run(
            [shell.sh, "-c", begin + NO_ETCD + code],
            env={"PATH": shell.path},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def in_use(tmp_path: Path) -> str:
    return (tmp_path / "node/etc/current").readlink().name


def test_who_was_a_member_founds_nothing(run, tmp_path):
    assert run("require_bootstrap_is_safe create").returncode == 0
    (tmp_path / "node/state/lived").touch()
    refused = run("require_bootstrap_is_safe create")
    assert refused.returncode == 1
    assert "a member never starts empty under its old identity" in refused.stderr


def test_the_way_back_is_taken(run, tmp_path):
    assert "runs again on its former files: NOPE" in run("go_back NOPE").stderr
    assert in_use(tmp_path) == "former"


@pytest.mark.parametrize("left", ["nothing", "an unfinished folder"])
def test_a_way_back_that_is_gone_is_not_taken(run, tmp_path, left):
    former = tmp_path / "node/etc/generations/former"
    former.rename(tmp_path / "away")
    if left != "nothing":
        former.mkdir()
    assert "etcd did not become healthy: NOPE" in run("go_back NOPE").stderr
    assert in_use(tmp_path) == "used"
    assert run("generation_prune").returncode == 0
    assert [path.name for path in former.parent.iterdir()] == ["used"]


def test_people_find_nothing_of_theirs_in_a_former_generation(run, tmp_path):
    """Whoever could read it may no longer be meant to."""
    assert run("generation_prune").returncode == 0
    generations = tmp_path / "node/etc/generations"
    for_etcd = ["cold", "pki/server.key"]
    for_people = ["pki/operator.key", "pki/operator.pem", "profile.sh"]
    assert files(generations / "former") == for_etcd
    assert files(generations / "used") == sorted([*for_etcd, *for_people])
    assert "runs again on its former files" in run("go_back NOPE").stderr


@pytest.fixture
def written(run, tmp_path) -> Path:
    """The generation `used` as a payload has it."""
    (tmp_path / "payload/files").mkdir()
    (tmp_path / "payload/files/profile.sh").write_text("ours")
    (tmp_path / "payload/modes").write_text("0644 - profile.sh\n")
    assert run("generation_write").returncode == 0
    return tmp_path / "node/etc/generations/used"


@pytest.mark.parametrize(
    ("text", "mode", "holds"), [("ours", 0o644, 0), ("theirs", 0o644, 1), ("ours", 0o666, 1)]
)
def test_a_file_that_somebody_changed_is_noticed(run, written, text, mode, holds):
    (written / "profile.sh").write_text(text)
    (written / "profile.sh").chmod(mode)
    assert run("generation_holds").returncode == holds


@pytest.mark.parametrize("note", ["cold", "trust", "places"])
def test_a_note_that_a_power_cut_has_emptied_is_noticed(run, written, note):
    (written / note).write_text("")
    assert run("generation_holds").returncode == 1


def test_what_is_in_use_is_not_taken_away_to_be_written_anew(run, written):
    """A run that is killed meanwhile would leave a member without its certificates."""
    before = written.stat().st_ino
    assert run("generation_write").returncode == 0
    assert written.stat().st_ino == before


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
