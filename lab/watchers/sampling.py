"""Looks at processes and files again and again while something runs, and keeps all that it saw."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lab.watchers.watch import Watch

_PAUSE_S = 0.001
Sight = tuple[str, bytes]
"""Where something was seen, and its content."""


class Sampler:
    """`look` gives sights as long as `watch` is entered; `seen` has each of them once."""

    def __init__(self, look: Callable[[], Iterable[Sight]]) -> None:
        self.seen: set[Sight] = set()
        self.watch = Watch(lambda: self.seen.update(look()), _PAUSE_S)


def new_processes() -> Callable[[], Iterator[Sight]]:
    """The command lines and environments of all processes of this user that start from now on."""
    old = set(_pids())
    known: dict[str, bytes] = {}

    def look() -> Iterator[Sight]:
        for pid in _pids():
            if pid in old or not (command := _read(f"/proc/{pid}/cmdline")):
                continue
            if known.get(pid) != command:
                known[pid] = command
                yield f"command line of {pid}", command
                yield f"environment of {pid}", _read(f"/proc/{pid}/environ")

    return look


def _pids() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit()]


def files_below(
    *folders: Path, largest_bytes: float = float("inf")
) -> Callable[[], Iterator[Sight]]:
    """Every file below the folders that is no larger; its place begins with its mode."""
    known: set[tuple[int, int, int, int]] = set()

    def look() -> Iterator[Sight]:
        for path in (path for folder in folders for path in _files(str(folder))):
            try:
                status = os.stat(path)
            except OSError:
                continue
            state = (status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode)
            if state not in known and status.st_size <= largest_bytes:
                known.add(state)
                yield f"{status.st_mode & 0o777:04o} {path}", _read(path)

    return look


def _files(folder: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield entry.path


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


@contextmanager
def all_running(*samplers: Sampler) -> Iterator[None]:
    """All of them at once."""
    with ExitStack() as stack:
        for sampler in samplers:
            stack.enter_context(sampler.watch)
        yield
