"""Plugins of a dead engine that have not ended with it, as official ones may not."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_NAME = re.compile(r"pulumi-(resource|language)-[\w-]+")
# Where the engine that started it serves.
_ENGINE = re.compile(r"127\.0\.0\.1:(\d+)")
_LISTENS = "0A"
_LOOPBACK = "0100007F"
_GRACE_S = 5.0


def end(project: Path) -> list[int]:
    """Ends those that ran for `project`, which no engine will ever call again; their numbers."""
    found = list(_orphans(project))
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline_s = time.monotonic() + _GRACE_S
        while any(map(_lives, found)) and time.monotonic() < deadline_s:
            time.sleep(0.05)
    return found


def _orphans(project: Path) -> Iterator[int]:
    """What ties a plugin to a run is the engine's address among its arguments and the project's
    folder, in which it works. None where there is no /proc."""
    listening = set(_listening_ports())
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (entry / "cmdline").read_text(errors="replace").split("\0")
            engine = next(filter(None, map(_ENGINE.fullmatch, words)), None)
            if (
                _NAME.fullmatch(Path(words[0]).name)
                and engine
                and int(engine[1]) not in listening
                and entry.stat().st_uid == os.getuid()
                and (entry / "cwd").resolve() == project.resolve()
            ):
                yield int(entry.name)


def _listening_ports() -> Iterator[int]:
    with suppress(OSError):
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            address, _, port = local.partition(":")
            if state == _LISTENS and address in (_LOOPBACK, "00000000"):
                yield int(port, 16)


def _lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
