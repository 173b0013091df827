"""Whose data folder it is: nobody's yet, this member's, or somebody else's that stays untouched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.preparation import run_step

OURS = {"cluster": "prod"}


@pytest.fixture
def node(shell, tmp_path):
    """A node whose folders are made."""
    for name in ("etc", "state", "data"):
        (tmp_path / "node" / name).mkdir(parents=True)

    def run(action: str, **settings: str):
        return run_step(shell, "data", action, {**OURS, **settings}, folder=tmp_path)

    return run


def put_data(folder: Path) -> None:
    (folder / "member" / "snap").mkdir(parents=True)
    (folder / "member" / "snap" / "db").write_bytes(b'\0"peerURLs":["https://10.0.0.1:2380"]\0')


def everything(folder: Path) -> list[tuple[str, float]]:
    return sorted((str(path), path.lstat().st_mtime) for path in folder.rglob("*"))


def test_nothing_there(node, tmp_path):
    node("check").ok()
    shutil.rmtree(tmp_path / "node")
    node("check").ok()


def test_what_this_member_made(node, tmp_path):
    node("make").ok()
    put_data(tmp_path / "node/data")
    assert node("check").ok().errors == ""


def test_what_somebody_else_made_is_untouched(node, tmp_path):
    put_data(tmp_path / "node/data")
    before = everything(tmp_path / "node")
    done = node("check").failed(
        f"{tmp_path}/node/data holds an etcd data folder that this stack did not make; move it away"
    )
    assert done.status == 1
    assert everything(tmp_path / "node") == before


@pytest.mark.parametrize("other", [{"cluster": "test"}, {"name": "etcd2"}])
def test_another_cluster_or_member_of_this_project(node, tmp_path, other):
    node("make", **other).ok()
    put_data(tmp_path / "node/data")
    made = f"{other.get('cluster', 'prod')} {other.get('name', 'etcd1')} {tmp_path}/node/data"
    node("check").failed(
        f"says (cluster, member, folder) {made}, and this is prod etcd1 {tmp_path}"
    )


@pytest.mark.parametrize("trace", ["etc/current", "state/started"])
def test_a_member_from_before_there_were_records(node, tmp_path, trace):
    put_data(tmp_path / "node/data")
    node("check").failed("did not make")
    (tmp_path / "node" / trace).touch()
    node("check").ok()


def test_a_folder_that_was_moved_is_still_ours_a_second_one_is_not(node, tmp_path):
    node("make").ok()
    moved = tmp_path / "new disk"
    put_data(tmp_path / "node/data")
    shutil.copytree(tmp_path / "node/data", moved)
    node("check", data_dir=str(moved)).failed("says (cluster, member, folder) prod etcd1")
    shutil.rmtree(tmp_path / "node/data")
    node("check", data_dir=str(moved)).ok()


def test_what_comes_after_a_destroy_is_not_ours(node, tmp_path):
    node("make").ok()
    node("remove").ok()
    put_data(tmp_path / "node/data")
    node("check").failed("did not make")
