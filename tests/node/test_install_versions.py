"""Versions side by side: which go, which stay, and what people find on their PATH."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import releases
from tests.node.machine import VERSION
from tests.support.preparation import run_step

pytestmark = pytest.mark.slow


@pytest.fixture
def node(tmp_path) -> Path:
    """A node whose binaries somebody else has put into the folder `given`."""
    releases.fake_programs(tmp_path / "given", VERSION)
    return tmp_path / "node"


@pytest.fixture
def run(shell, node, tmp_path):
    def run(action, **settings):
        defaults = {"tools_dir": str(tmp_path / "tools"), "binaries": str(tmp_path / "given")}
        return run_step(
            shell, "install_preinstalled", action, {**defaults, **settings}, folder=tmp_path
        )

    return run


def have(node, *versions, mark="origin"):
    for version in versions:
        (node / "bin" / version).mkdir(parents=True)
        (node / "bin" / version / mark).touch()


def generation(node, name, version, *, in_use=False):
    folder = node / "etc" / "generations" / name
    folder.mkdir(parents=True)
    (folder / "bin").symlink_to(node / "bin" / version)
    if in_use:
        (node / "etc" / "current").symlink_to(f"generations/{name}")
        (node / "etc" / "bin").symlink_to("current/bin")


def versions(node):
    return sorted(path.name for path in (node / "bin").iterdir())


def test_the_version_in_use_and_the_way_back_stay(run, node):
    have(node, "3.5.30", "3.5.35", "3.6.10", "3.6.13")
    generation(node, "good", "3.6.10")
    generation(node, "now", "3.6.13", in_use=True)
    run("make").ok()
    assert versions(node) == ["3.6.10", "3.6.13", VERSION]


def test_what_somebody_else_put_there_stays(run, node):
    have(node, "3.4.9", mark="etcd")
    have(node, "3.4.8.new")
    (node / "bin" / "tools").mkdir()
    (node / "bin" / "latest").symlink_to("3.4.9")
    (node / "bin" / "3.5.1").symlink_to("/opt/etcd-3.5.1")
    run("make").ok()
    assert versions(node) == ["3.4.9", VERSION, "latest", "tools"]


def test_another_method_s_folder_gives_way_and_comes_back(run, node, tmp_path):
    have(node, VERSION)
    run("make").ok()
    assert (node / "bin" / VERSION).readlink() == tmp_path / "given"


def test_binaries_that_lie_where_they_would_be_linked(run, node):
    own = releases.fake_programs(node / "bin" / VERSION, VERSION)
    run("check", binaries=str(own)).ok()
    run("make", binaries=str(own)).ok()
    assert (own / "etcd").is_file()
    run("remove", binaries=str(own)).ok()
    assert (own / "etcd").is_file()


def test_people_find_the_tools_of_the_version_in_use(run, node, tmp_path):
    have(node, "3.6.13")
    generation(node, "now", "3.6.13", in_use=True)
    releases.fake_programs(node / "bin" / "3.6.13", "3.6.13")
    run("make").ok()
    for tool in ("etcdctl", "etcdutl"):
        assert (tmp_path / "tools" / tool).resolve() == node / "bin" / "3.6.13" / tool
    assert not (tmp_path / "tools" / "etcd").exists()


def test_tools_of_somebody_else_stay(run, tmp_path):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "etcdctl").write_text("theirs")
    (tmp_path / "tools" / "etcdutl").symlink_to("/opt/theirs")
    done = run("make").ok()
    assert (
        f"{tmp_path}/tools/etcdctl was not made by this project and stays as it is" in done.output
    )
    run("remove").ok()
    assert (tmp_path / "tools" / "etcdctl").read_text() == "theirs"
    assert (tmp_path / "tools" / "etcdutl").readlink() == Path("/opt/theirs")


def test_removal_takes_the_tools_along(run, node, tmp_path):
    run("make").ok()
    assert (tmp_path / "tools" / "etcdctl").is_symlink()
    run("remove").ok()
    assert list((tmp_path / "tools").iterdir()) == []
    assert not (node / "bin").exists()
    assert (tmp_path / "given" / "etcd").exists()


def test_on_this_machine_nobody_s_path_is_touched(run):
    run("make", tools_dir="").ok()
    run("remove", tools_dir="").ok()
