"""Processes as the kernel lists them."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def processes_below(folder: Path) -> dict[int, list[str]]:
    """The words of every living process that names a file below `folder`, by pid.

    This test's own process and the one that started it are never among them.
    """
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in (os.getpid(), os.getppid()):
            continue
        words = _words(entry / "cmdline")
        if any(f"{folder}/" in word for word in words) and _state(entry) != "Z":
            found[int(entry.name)] = words
    return found


def lives(pid: int) -> bool:
    """Whether there is such a process, and not one that only waits to be reaped."""
    return _state(Path(f"/proc/{pid}")) != "Z"


def environment(pid: int) -> dict[str, str]:
    """The environment that a process was started with."""
    pairs = (word.partition("=") for word in _words(Path(f"/proc/{pid}/environ")) if word)
    return {name: value for name, _, value in pairs}


def start_time(pid: int) -> str:
    """When a process was started, in the kernel's ticks."""
    return _fields(Path(f"/proc/{pid}"))[19]


def is_etcd(words: list[str]) -> bool:
    """Whether this is the command line of an etcd."""
    return Path(words[0]).name == "etcd"


def signal_below(folder: Path, number: signal.Signals) -> None:
    """Signals every process of `processes_below`, supervisors first: they start etcd anew."""
    for pid, _ in sorted(processes_below(folder).items(), key=lambda process: is_etcd(process[1])):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def kill_session(session: int) -> None:
    """Kills every process of a session; daemons have left it."""
    # One may begin another while it is looked for.
    while running := _running_in(session):
        for pid in running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _running_in(session: int) -> list[int]:
    found = ((int(e.name), _fields(e)) for e in Path("/proc").iterdir() if e.name.isdigit())
    return [
        pid for pid, fields in found if fields and int(fields[3]) == session and fields[0] != "Z"
    ]


def eventually(holds: Callable[[], bool], what: str, within_s: float = 20) -> None:
    """Waits until it holds."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.05)


def _fields(process: Path) -> list[str]:
    """The fields of its stat from the third on; none for a process that has ended."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _state(process: Path) -> str:
    return next(iter(_fields(process)), "Z")


def _words(file: Path) -> list[str]:
    try:
        return file.read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []
