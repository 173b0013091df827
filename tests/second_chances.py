"""Tests that may fail once and pass the second time, each for a reason and until a date. What
shows a promise never may. After the date a failure counts as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from _pytest.reports import CollectReport


@dataclass(frozen=True)
class SecondChance:
    """`tests`: how the node ids begin. `until`: the last day."""

    tests: str
    reason: str
    until: date


SECOND_CHANCES: tuple[SecondChance, ...] = ()


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    problems = give(items, SECOND_CHANCES, datetime.now(UTC).date())
    if list(config.args) == config.getini("testpaths"):
        problems += unused(items, SECOND_CHANCES)
    for problem in problems:
        # An exception here would reach nobody from a worker of xdist.
        told = CollectReport(__name__, "failed", f"{problem}; see {__file__}", [])
        config.hook.pytest_collectreport(report=told)


def give(items: Iterable[pytest.Item], chances: Sequence[SecondChance], today: date) -> list[str]:
    """Lets the tests on the list run twice; returns what must not be on it."""
    problems = []
    for item in items:
        for chance in chances:
            if not item.nodeid.startswith(chance.tests):
                continue
            if item.get_closest_marker("promise"):
                problems.append(f"{item.nodeid} shows a promise")
            elif today <= chance.until:
                item.add_marker(pytest.mark.flaky(reruns=1))
    return problems


def unused(items: Sequence[pytest.Item], chances: Sequence[SecondChance]) -> list[str]:
    """Entries that no test belongs to."""
    return [
        f"no test begins with {chance.tests}"
        for chance in chances
        if not any(item.nodeid.startswith(chance.tests) for item in items)
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which tests took theirs."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_line(f"second chance taken: {report.nodeid}")
