"""Control groups: one of the lab's processes each, of the same name in every hierarchy."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from lab.hosts.machine import until

END_LIMIT_S = 20


class Group:
    """A node's pods get control groups below it, in every hierarchy of the kernel's.

    `unified` is where it is in the hierarchy of the second version, the one that can kill.
    """

    def __init__(self, unified: Path) -> None:
        self.unified = unified
        self._root = next(path for path in hierarchies() if unified.is_relative_to(path))
        self.name = f"/{unified.relative_to(self._root)}"
        for each in self._everywhere():
            each.mkdir(parents=True, exist_ok=True)

    def pids(self) -> list[int]:
        """Of all its processes, as numbered here."""
        found: list[int] = []
        for folder, _, files in os.walk(self.unified):
            if "cgroup.procs" in files:
                with suppress(OSError):
                    found += map(int, Path(folder, "cgroup.procs").read_text().split())
        return found

    def kill(self) -> None:
        """All at once; returns when they are gone, and the groups that they made too."""
        (self.unified / "cgroup.kill").write_text("1")
        until(lambda: not self.pids(), END_LIMIT_S, lambda: f"{self.name} lives: {self.pids()}")
        until(self._cleared, END_LIMIT_S, lambda: f"groups below {self.name} stay")

    def _cleared(self) -> bool:
        """A kubelet that finds groups of its former life takes long to come up."""
        for top in self._everywhere():
            for folder, _, _ in os.walk(top, topdown=False):
                if Path(folder) != top:
                    with suppress(OSError):  # one that is busy for a moment yet
                        os.rmdir(folder)
        return not any(path.is_dir() for top in self._everywhere() for path in top.iterdir())

    def _everywhere(self) -> list[Path]:
        return [root / self.name.lstrip("/") for root in hierarchies()]


def hierarchies() -> list[Path]:
    """Where they are mounted, of either version."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    return [Path(path) for _, path, kind, *_ in mounts if kind in {"cgroup", "cgroup2"}]
