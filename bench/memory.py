"""Peak memory of a command and everything it starts, by the kernel's own high-water marks."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from lab.watchers.watch import Watch

_ROLE = re.compile(r"pulumi-(?:language|resource)-(\w+)|standins[/.](\w+)")


class Peaks(Watch[None]):
    """`with Peaks(process) as peaks: …`, then `peaks.mib()`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._root = process.pid
        self._peaks: dict[tuple[str, int], int] = {}
        super().__init__(self._sample)

    def mib(self) -> dict[str, int]:
        """The largest process of each role, in MiB."""
        peaks: dict[str, int] = {}
        for (role, _), kib in self._peaks.items():
            peaks[role] = max(peaks.get(role, 0), kib // 1024)
        return peaks

    def _sample(self) -> None:
        for pid in descendants(self._root):
            if role := role_of(pid):
                key = (role, pid)
                self._peaks[key] = max(self._peaks.get(key, 0), high_water_kib(pid))


def descendants(root: int) -> list[int]:
    """The process and all below it."""
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            queue += [int(child) for child in _read(path).split()]
    return found


def role_of(pid: int) -> str | None:
    """`ops`, `engine`, `program` (the language host runs it) or a plugin's name; None: others."""
    arguments = _read(Path(f"/proc/{pid}/cmdline")).split("\0")
    if Path(arguments[0]).name == "pulumi":
        return "engine"
    if "ops" in arguments:
        return "ops"
    for argument in arguments:
        if found := _ROLE.search(argument):
            name = found[1] or found[2]
            return "program" if name in {"python", "language"} else f"{name} plugin"
    return None


def high_water_kib(pid: int) -> int:
    found = re.search(r"^VmHWM:\s+(\d+) kB", _read(Path(f"/proc/{pid}/status")), re.MULTILINE)
    return int(found[1]) if found else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended meanwhile
        return ""
