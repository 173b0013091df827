"""Who holds a stack's lock, by the engine's own message, and whether that process lives."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOCK = re.compile(
    r"^\s+(?P<url>\S+): created by (?P<user>.+)@(?P<host>[^@\s]+) \(pid (?P<pid>\d+)\)"
    r" at (?P<since>\S+)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Lock:
    """One lock. `since` is RFC 3339."""

    url: str
    user: str
    host: str
    pid: int
    since: str

    @property
    def holder(self) -> str:
        return f"{self.user}@{self.host}, process {self.pid}, since {self.since}"

    @property
    def file(self) -> Path | None:
        """The lock's own file, where the state lies in a folder of this machine."""
        parts = urlsplit(self.url)
        return Path(unquote(parts.path)) if parts.scheme == "file" else None


def parse(message: str) -> tuple[Lock, ...]:
    """The locks that the engine names when it refuses to work; none if that is not its reason."""
    if "the stack is currently locked by" not in message:
        return ()
    return tuple(
        Lock(
            url=found["url"],
            user=found["user"],
            host=found["host"],
            pid=int(found["pid"]),
            since=found["since"],
        )
        for found in _LOCK.finditer(message)
    )


def is_abandoned(lock: Lock) -> bool:
    """True only for a process of this very host that is gone. Everyone else's lock is a lock."""
    return lock.host == socket.gethostname() != "localhost" and not _is_alive(lock.pid)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def report(locks: Sequence[Lock], stack: str) -> str:
    holders = "\n".join(f"  {lock.holder}" for lock in locks)
    return (
        f"stack {stack} is locked: another run is under way\n{holders}\n"
        "Wait for its end. If that process is gone for good, free the stack with"
        f" `pulumi cancel --stack {stack}` and run again."
    )
