"""Nothing half made is ever found."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest

from toolchain import staging
from toolchain.layout import Layout


def _interrupted(layout: Layout, final: Path) -> None:
    with staging.staged(layout, final) as folder:
        (folder / "etcd").write_text("half")
        raise KeyboardInterrupt


def test_an_interruption_leaves_what_was_there(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    final = layout.etcd("3.6.16")
    final.mkdir(parents=True)
    (final / "etcd").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        _interrupted(layout, final)
    assert (final / "etcd").read_text() == "old"
    assert not list(layout.work.iterdir())


def test_an_interrupted_first_time_leaves_nothing(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        _interrupted(layout, layout.etcd("1"))
    assert not layout.etcd("1").exists()


def test_a_complete_folder_replaces_the_old_one(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    for text in ("old", "new"):
        with staging.staged(layout, layout.etcd("1")) as folder:
            (folder / text).write_text(text)
    assert [path.name for path in layout.etcd("1").iterdir()] == ["new"]


def test_what_a_killed_setup_left_is_swept(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    left = layout.work / "etcd-abc"
    left.mkdir(parents=True)
    with staging.exclusive(layout):
        assert not left.exists()


def test_an_unchanged_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    staging.write(path, "same", mode=0o600)
    before = path.stat()
    staging.write(path, "same", mode=0o600)
    assert path.stat().st_ino == before.st_ino
    staging.write(path, "other", mode=0o644)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("other", 0o644)


def test_a_link_replaces_a_link(tmp_path: Path) -> None:
    for target in ("one", "two"):
        staging.link(tmp_path / "link", Path(target))
    assert (tmp_path / "link").readlink() == Path("two")


def _hold(project: Path, held: str) -> None:
    with staging.exclusive(Layout(project)):
        Path(held).touch()
        time.sleep(0.5)


def test_a_second_setup_waits_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = tmp_path / "held"
    other = multiprocessing.get_context("fork").Process(target=_hold, args=(tmp_path, str(held)))
    other.start()
    while not held.exists():
        time.sleep(0.01)
    with staging.exclusive(Layout(tmp_path)):
        assert "another set-up is running" in capsys.readouterr().out
    other.join()
