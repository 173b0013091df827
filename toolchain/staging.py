"""Nothing half made is ever found: made aside, put in place by one rename."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from toolchain.layout import Layout
from toolchain.progress import say


@contextlib.contextmanager
def staged(layout: Layout, final: Path) -> Iterator[Path]:
    """An empty folder to fill; it becomes `final` when the block ends without an error.

    What was at `final` before is replaced. After an error or an interruption `final` is as it was.
    """
    layout.work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=layout.work, prefix=f"{final.name}-"))
    folder.chmod(0o755)
    try:
        yield folder
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.exists():
            final.rename(Path(tempfile.mkdtemp(dir=layout.work)) / "old")
        folder.rename(final)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file whole or not at all; an unchanged one is left alone."""
    if path.is_file() and path.read_text() == text and path.stat().st_mode & 0o777 == mode:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    Path(name).chmod(mode)
    Path(name).rename(path)


def link(path: Path, target: Path) -> None:
    """Make `path` a link to `target`, replacing what was there."""
    if path.is_symlink() and path.readlink() == target:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.rename(path)


@contextlib.contextmanager
def exclusive(layout: Layout) -> Iterator[None]:
    """One set-up at a time in a project; sweeps what an interrupted one left."""
    layout.home.mkdir(exist_ok=True)
    with (layout.home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("setup", "another set-up is running in this project, waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(layout.work, ignore_errors=True)
        yield
        shutil.rmtree(layout.work, ignore_errors=True)
