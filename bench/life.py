"""The life of a stack with the toolchain present: first `up`, `up` again, preview, `down`."""

from __future__ import annotations

import time
from collections import defaultdict

from bench.figures import Report
from bench.memory import Peaks
from bench.project import Project, project


def measure(runs: int) -> Report:
    seconds: dict[str, list[float]] = defaultdict(list)
    peaks: dict[str, int] = {}
    for _ in range(runs):
        with project() as copy:
            for name, command in _STEPS:
                took, memory = _timed(copy, command)
                seconds[name].append(took)
                peaks = {role: max(peaks.get(role, 0), mib) for role, mib in memory.items()} | {
                    role: mib for role, mib in peaks.items() if role not in memory
                }
    report = Report("life")
    for name, _ in _STEPS:
        report.add(name, "s", seconds[name], _AIMS.get(name))
    for role, mib in sorted(peaks.items()):
        report.add(f"peak memory: {role}", "MiB", [mib])
    return report


_STEPS = (
    ("preview of nothing", "preview"),
    ("first up, until three members are healthy", "up"),
    ("up without changes", "up"),
    ("preview without changes", "preview"),
    ("status", "status"),
    ("down", "down"),
)
_AIMS = {"first up, until three members are healthy": 8, "up without changes": 2.5}


def _timed(copy: Project, command: str) -> tuple[float, dict[str, int]]:
    started_s = time.monotonic()
    process = copy.ops(command)
    with Peaks(process) as peaks:
        output, _ = process.communicate()
    took_s = time.monotonic() - started_s
    if process.returncode != 0:
        raise RuntimeError(output)
    return took_s, peaks.mib()
