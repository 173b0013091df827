"""A machine's folders: etcd can get to them, and nobody else's become etcd's."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.preparation import StepRun, run_step

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders to others")
# In no group that owns anything here; the tests' own folders are for others to enter.
ETCD = {"user": "nobody", "group": "nogroup", "owner": "nobody:nogroup"}
FOLDERS = {"data": "data_dir", "log": "log_dir", "bin": "bin_dir", "state": "state_dir"}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Which etcd may enter, unlike those that pytest makes."""
    with tempfile.TemporaryDirectory(prefix="etcd-folders-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture
def node(shell, folder):
    def run(
        action: str, *, running: bool = False, runtime: str = "supervisor", **settings: str
    ) -> StepRun:
        known = {**ETCD, **settings}
        how = {"running": running, "runtime": runtime}
        return run_step(shell, "folders", action, known, folder=folder, **how)

    return run


def put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_nothing_there(node, folder):
    node("check").ok()
    node("make").ok()
    assert node("check").ok().errors == ""
    for name in ("data", "log"):
        made = folder / "node" / name
        assert (made.owner(), made.stat().st_mode & 0o777) == ("nobody", 0o700)


@pytest.mark.parametrize("setting", ["config_dir", "data_dir", "bin_dir"])
def test_a_folder_above_that_etcd_cannot_enter(node, folder, setting):
    above = folder / "closed"
    above.mkdir(mode=0o700)
    done = node("check", **{setting: str(above / "a/b")})
    done.failed(
        f"{above} has mode 700 (root:root), and nobody has to go through it to its files",
        f"chmod o+x {above}, or set other folders",
    )
    assert done.status == 1
    node("check", running=True, **{setting: str(above / "a/b")}).ok()
    above.chmod(0o701)
    node("check", **{setting: str(above / "a/b")}).ok()


def test_binaries_in_a_folder_that_etcd_cannot_enter(node, folder):
    (folder / "node/bin").mkdir(parents=True, mode=0o700)
    node("check").failed(f"{folder}/node/bin has mode")


def test_a_log_counts_where_etcd_writes_one(node, folder):
    above = folder / "closed"
    above.mkdir(mode=0o700)
    node("check", log_dir=f"{above}/log", runtime="systemd").ok()
    node("check", log_dir=f"{above}/log", runtime="openrc").failed(f"{above} has mode")


@pytest.mark.parametrize(("user", "group", "mode"), [("nobody", 0, 0o700), (0, "nogroup", 0o710)])
def test_a_folder_above_that_lets_etcd_in_by_name(node, folder, user, group, mode):
    above = folder / "closed"
    above.mkdir()
    shutil.chown(above, user, group)
    above.chmod(mode)
    node("check", data_dir=f"{above}/data").ok()
    node("check", data_dir=f"{above}/data", user="daemon", group="daemon").failed("has mode")


def test_a_link_on_the_way_leads_through_another_folder(node, folder):
    (folder / "closed/disk").mkdir(parents=True)
    (folder / "closed").chmod(0o700)
    (folder / "link").symlink_to(folder / "closed/disk")
    node("check", data_dir=f"{folder}/link/data").failed(f"{folder}/closed has mode")


@pytest.mark.parametrize("name", FOLDERS)
def test_somebody_elses_folder_is_refused_and_stays(node, folder, name):
    theirs = folder / "theirs"
    put(theirs / "doc/README")
    theirs.chmod(0o755)
    before = theirs.stat().st_mode, theirs.owner(), list(theirs.rglob("*"))
    done = node("check", **{FOLDERS[name]: str(theirs)})
    done.failed(
        f"{theirs} holds files that this project did not make, doc among them; move them away"
    )
    assert done.status == 1
    assert (theirs.stat().st_mode, theirs.owner(), list(theirs.rglob("*"))) == before


def test_what_this_project_leaves_is_taken_again(node, folder):
    for path in ("data/member/wal", "data/retired-20260101T000000Z/member", "data/lost+found"):
        (folder / "node" / path).mkdir(parents=True)
    for path in ("log/etcd.log", "log/etcd.log.1.gz", "state/lock", "state/left"):
        put(folder / "node" / path)
    for path in ("bin/3.6.16", "bin/3.6.15.new"):
        (folder / "node" / path).mkdir(parents=True)
    (folder / "node/bin").chmod(0o755)
    (folder / "node").chmod(0o755)
    node("check").ok()


def test_what_people_put_into_our_folders_is_no_reason(node, folder):
    node("make").ok()
    for name in FOLDERS:
        put(folder / "node" / name / "notes")
    (folder / "node/bin").chmod(0o755)
    node("check").ok()
    node("remove").ok()
    assert node("check").failed("notes among them").status == len(FOLDERS)


@pytest.mark.parametrize("trace", ["data", "started"])
def test_a_node_from_before_there_was_the_record(node, folder, trace):
    for name in FOLDERS:
        put(folder / "node" / name / "notes")
    put(folder / "node/state" / trace)
    node("check").ok()


def test_a_second_folder_is_not_known(node, folder):
    node("make").ok()
    put(folder / "theirs/file")
    (folder / "theirs").chmod(0o755)
    node("check", data_dir=f"{folder}/theirs").failed("file among them")


def test_without_an_owner_nothing_is_judged(node, folder):
    put(folder / "node/data/file")
    (folder / "node").chmod(0o700)
    node("check", owner="").ok()
