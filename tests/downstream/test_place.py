"""The script that puts files on a machine, under dash, and under busybox with its own tools."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from examples.downstream.payload import pack
from lab.needs import needs

SCRIPT = Path("examples/downstream/place.sh")
KEY, MANIFEST = "/pki/client.key", "/manifests/pod.yaml"
Place = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=[pytest.param(name, marks=needs(name)) for name in ("dash", "busybox")])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Runs the script for a set of files below `tmp_path/machine`."""
    shell, path = str(shutil.which(request.param)), "/usr/bin:/bin"
    arguments = [shell]
    if request.param == "busybox":
        applets = subprocess.run([shell, "--list"], capture_output=True, text=True, check=True)
        tools = tmp_path / "applets"
        tools.mkdir()
        for applet in applets.stdout.split():
            (tools / applet).symlink_to(shell)
        arguments, path = [shell, "sh"], str(tools)

    def run(
        files: dict[str, str], action: str = "write", name: str = "set"
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*arguments, str(SCRIPT), action, str(tmp_path / "machine"), name],
            input=pack(files),
            env={"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    return tmp_path / "machine"


def contents(machine: Path) -> dict[str, str]:
    """Path to text of all files but the notes."""
    return {
        f"/{path.relative_to(machine)}": path.read_text()
        for path in machine.rglob("*")
        if path.is_file() and "var" not in path.relative_to(machine).parts
    }


def test_files_are_there_and_their_owners_alone(place, machine):
    files = {KEY: "key\n", MANIFEST: "pod"}
    done = place(files)
    assert done.stderr == ""
    assert done.stdout == f"wrote {KEY}\nwrote {MANIFEST}\n"
    assert contents(machine) == files
    assert {path.stat().st_mode & 0o777 for path in machine.rglob("*") if path.is_file()} == {0o600}


def test_another_run_touches_nothing(place, machine):
    place({KEY: "key"})
    before = (machine / "pki/client.key").stat()
    assert place({KEY: "key"}).stdout == ""
    after = (machine / "pki/client.key").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_change_is_another_file_under_the_same_name(place, machine):
    """So a reader has the old one whole or the new one whole."""
    place({KEY: "old", MANIFEST: "pod"})
    with (machine / "pki/client.key").open() as reader:
        assert place({KEY: "new", MANIFEST: "pod"}).stdout == f"wrote {KEY}\n"
        assert reader.read() == "old"
    assert contents(machine) == {KEY: "new", MANIFEST: "pod"}


def test_a_file_that_others_may_read_is_made_private(place, machine):
    place({KEY: "key"})
    (machine / "pki/client.key").chmod(0o644)
    place({KEY: "key"})
    assert (machine / "pki/client.key").stat().st_mode & 0o777 == 0o600


def test_what_is_wanted_no_more_goes_and_other_peoples_files_stay(place, machine):
    place({KEY: "key", MANIFEST: "pod"})
    (machine / "pki/other.key").write_text("other")
    assert f"removed {KEY}\n" in place({"/pki/renamed.key": "key", MANIFEST: "pod"}).stdout
    kept = {"/pki/other.key": "other"}
    assert contents(machine) == {"/pki/renamed.key": "key", MANIFEST: "pod", **kept}
    place({}, "remove")
    assert contents(machine) == kept
    assert list((machine / "var/lib/control-plane").iterdir()) == []


def test_sets_know_nothing_of_one_another(place, machine):
    place({KEY: "key"}, name="one")
    place({MANIFEST: "pod"}, name="two")
    place({}, "remove", name="one")
    assert contents(machine) == {MANIFEST: "pod"}


def test_a_run_that_cannot_write_leaves_what_was_there(place, machine):
    place({KEY: "old"})
    (machine / "manifests").write_text("no folder")
    failed = place({KEY: "old", MANIFEST: "pod"})
    assert failed.returncode != 0
    assert contents(machine)[KEY] == "old"
    (machine / "manifests").unlink()
    assert place({KEY: "old", MANIFEST: "pod"}).returncode == 0
    assert contents(machine) == {KEY: "old", MANIFEST: "pod"}


def test_what_was_cut_off_on_the_way_is_refused(tmp_path, place, machine):
    place({KEY: "old"})
    done = subprocess.run(
        ["dash", SCRIPT, "write", machine, "set"],
        input=pack({KEY: "new" * 5000})[:9000],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert contents(machine) == {KEY: "old"}
