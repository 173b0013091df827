"""Looks at processes and files while something runs, and keeps all that it saw."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from inotify_simple import INotify, flags

from lab.watchers.watch import Watch

# A process may live for a few milliseconds.
_PAUSE_S = 0.001
# Enough of a command line to know a process again.
_NAMED_BYTES = 200
# Between fork and exec a process has its parent's command line: so many looks it has to change.
_YOUNG_LOOKS = 20
# An older process may start another program too: all are looked at once in so many looks.
_LOOKS_PER_ROUND = 100
_QUIET_MS = 50
_CHANGES = (
    flags.CREATE | flags.MODIFY | flags.CLOSE_WRITE | flags.ATTRIB | flags.MOVED_TO | flags.ONLYDIR
)
Sight = tuple[str, bytes]
"""Where something was seen, and its content."""


class Sampler:
    """`look` gives sights as long as `watch` is entered; `seen` has each of them once."""

    def __init__(self, look: Callable[[], Iterable[Sight]], pause_s: float = _PAUSE_S) -> None:
        self.seen: set[Sight] = set()
        self.watch = Watch(lambda: self.seen.update(look()), pause_s)


def watched_processes(pause_s: float = _PAUSE_S) -> Sampler:
    """The command lines and environments of all processes of this user that start from now on and
    live for longer than `pause_s`."""
    return Sampler(_NewProcesses().look, pause_s)


def watched_files(*folders: Path, largest_bytes: float = float("inf")) -> Sampler:
    """Every state of every file below the folders that is no larger; see `files_below`. The kernel
    tells of changes, so this waits where others pause."""
    return Sampler(_ChangingFiles(folders, largest_bytes).look, pause_s=0)


class _NewProcesses:
    """The kernel numbers processes in order, and tells the last number: a look costs one read as
    long as there is no new one."""

    def __init__(self) -> None:
        self._loadavg = os.open("/proc/loadavg", os.O_RDONLY)
        self._last = self._last_number()
        self._old = set(_pids())
        self._young: dict[str, int] = {}
        self._known: dict[str, bytes] = {}
        self._looks = 0

    def __del__(self) -> None:
        os.close(self._loadavg)

    def look(self) -> Iterator[Sight]:
        self._looks += 1
        self._young |= dict.fromkeys(self._born(), _YOUNG_LOOKS)
        whole_round = self._looks % _LOOKS_PER_ROUND == 0
        for pid in {*self._young, *(_pids() if whole_round else ())} - self._old:
            yield from self._changed(pid)
        self._young = {pid: looks - 1 for pid, looks in self._young.items() if looks > 1}

    def _born(self) -> Iterator[str]:
        """Since the last look; threads have numbers too."""
        last, self._last = self._last, self._last_number()
        if self._last < last:  # the numbers began again
            return iter(_pids())
        return (str(number) for number in range(last + 1, self._last + 1) if _is_process(number))

    def _changed(self, pid: str) -> Iterator[Sight]:
        command = _read(f"/proc/{pid}/cmdline")
        if not command or self._known.get(pid) == command:
            return
        self._known[pid] = command
        who = f"{pid} ({command[:_NAMED_BYTES].replace(bytes(1), b' ').decode(errors='replace')})"
        yield f"command line of {who}", command
        yield f"environment of {who}", _read(f"/proc/{pid}/environ")

    def _last_number(self) -> int:
        return int(os.pread(self._loadavg, 100, 0).split()[-1])


def _pids() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit()]


def _is_process(number: int) -> bool:
    return f"\nTgid:\t{number}\n".encode() in _read(f"/proc/{number}/status")


def files_below(*folders: Path, largest_bytes: float = float("inf")) -> Iterator[Sight]:
    """Every file below the folders that is no larger; its place begins with its mode."""
    known = _States(largest_bytes)
    for folder in folders:
        for path in _files(str(folder)):
            yield from known.new(path)


class _States:
    """Of files; each is read once."""

    def __init__(self, largest_bytes: float) -> None:
        self._largest_bytes = largest_bytes
        self._known: set[tuple[int, int, int, int]] = set()

    def new(self, path: str) -> Iterator[Sight]:
        try:
            status = os.stat(path, follow_symlinks=False)
        except OSError:
            return
        state = (status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode)
        fits = stat.S_ISREG(status.st_mode) and status.st_size <= self._largest_bytes
        if fits and state not in self._known:
            self._known.add(state)
            yield f"{status.st_mode & 0o777:04o} {path}", _read(path)


class _ChangingFiles:
    """A folder is looked at as soon as the kernel watches it, so nothing is between the two."""

    def __init__(self, folders: Iterable[Path], largest_bytes: float) -> None:
        self._folders = [str(folder) for folder in folders]
        self._absent = [*self._folders]
        self._states = _States(largest_bytes)
        self._kernel = INotify()
        self._watched: dict[int, str] = {}

    def look(self) -> Iterator[Sight]:
        """Waits for a change, but not for long."""
        yield from self._appeared()
        for event in self._kernel.read(timeout=_QUIET_MS):
            if event.mask & flags.Q_OVERFLOW:
                self._absent = [*self._folders]
            elif folder := self._watched.get(event.wd):
                yield from self._new(f"{folder}/{event.name}", event.mask)

    def _appeared(self) -> Iterator[Sight]:
        absent, self._absent = self._absent, []
        for folder in absent:
            if not os.path.isdir(folder):
                self._watch(_nearest_above(folder))
            if os.path.isdir(folder):
                yield from self._whole(folder)
            else:
                self._absent.append(folder)

    def _new(self, path: str, mask: int) -> Iterator[Sight]:
        if not any(f"{path}/".startswith(f"{folder}/") for folder in self._folders):
            return  # beside one that is not there yet
        if not mask & flags.ISDIR:
            yield from self._states.new(path)
        elif mask & (flags.CREATE | flags.MOVED_TO):
            yield from self._whole(path)

    def _whole(self, folder: str) -> Iterator[Sight]:
        if not self._watch(folder):
            return
        for entry in _entries(folder):
            if entry.is_dir(follow_symlinks=False):
                yield from self._whole(entry.path)
            else:
                yield from self._states.new(entry.path)

    def _watch(self, folder: str) -> bool:
        """Whether the folder is there."""
        try:
            self._watched[self._kernel.add_watch(folder, _CHANGES)] = folder
        except OSError:
            return False
        return True


def _nearest_above(folder: str) -> str:
    return next(str(above) for above in Path(folder).parents if above.is_dir())


def _files(folder: str) -> Iterator[str]:
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield entry.path


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(folder))
    except OSError:
        return []


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
