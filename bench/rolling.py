"""A changed flag restarts every member, one by one, under a client that never stops writing."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.figures import Report
from bench.project import Project, project
from lab.client.client import Client, build_writer
from lab.watchers.watch import Watch

_QUOTAS_MIB = (2049, 2050, 2051, 2052, 2053)
_CALM_S = 2  # of writing before the change and after it


def measure(runs: int) -> Report:
    found = []
    with project() as copy:
        writer = build_writer(copy.folder)
        copy.run("up")
        for quota_mib in _QUOTAS_MIB[:runs]:
            found.append(_one(copy, writer, quota_mib))
    report = Report("rolling")
    report.add("rolling restart of three members", "s", [run["seconds_up"] for run in found])
    report.add("restarts of a member, at most", "", [run["restarts"] for run in found], 1)
    report.add("writes", "", [run["writes"] for run in found])
    report.add("failed writes", "", [run["failed"] for run in found], 0)
    report.add("lost writes", "", [run["lost"] for run in found], 0)
    report.add("longest gap", "ms", [run["longest_gap_ms"] for run in found], 100)
    report.add("slowest write", "ms", [run["slowest_ms"] for run in found])
    report.add("99 of 100 writes within", "ms", [run["p99_ms"] for run in found])
    for run in found:
        for error, times in run["errors"].items():
            report.note(f"{times} times: {error}")
    return report


def _one(copy: Project, writer: Path, quota_mib: int) -> dict[str, Any]:
    copy.change(quota_mib=quota_mib)
    client = Client(writer, copy.folder / "client", copy.outputs())
    try:
        time.sleep(_CALM_S)
        with Watch(copy.pids) as watch:
            started_s = time.monotonic()
            copy.run("up")
            took_s = time.monotonic() - started_s
        time.sleep(_CALM_S)
        report = client.report()
    finally:
        client.stop()
    return {**report, "seconds_up": took_s, "restarts": _restarts(watch.seen)}


def _restarts(seen: Sequence[Mapping[str, int]]) -> int:
    """Of the member that had most, by the processes of each that were seen."""
    return max(len({pids[node] for pids in seen}) for node in seen[0]) - 1
