"""Says in one line what was left out, and what to install for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from lab.needs import NEEDS


def line(reasons: Iterable[str]) -> str:
    """Of the reasons of skipped tests, one a test; empty if there are none."""
    packages: set[str] = set()
    counted: Counter[str] = Counter()
    for reason in reasons:
        _, needs, names = reason.removeprefix("Skipped: ").partition(NEEDS)
        packages |= {*names.split()}
        counted["" if needs else reason.removeprefix("Skipped: ")] += 1
    if not counted:
        return ""
    told = [f"{count}: {reason}" for reason, count in counted.most_common() if reason]
    if packages:
        told.insert(0, f"{counted['']}: apt-get install {' '.join(sorted(packages))}")
    return f"{counted.total()} tests left out ({'; '.join(told)})"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [each.longrepr[2] for each in skipped if isinstance(each.longrepr, tuple)]
    if told := line(reasons):
        terminalreporter.write_line(told, yellow=True)
