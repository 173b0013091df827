"""Keeps how long each test, fixture and phase took: `--durations-to FILE`, a line of JSON each.

A line is `{"test", "when", "outcome", "seconds", "phases"}` with `when` one of setup, call and
teardown; or `{"fixture", "scope", "test", "seconds"}`; or, once a run, `{"run", "seconds",
"processors_used", "cut_off"}`: the mean number of processors that were busy, and whether the limit
of the session ended it. A file that cannot be collected has a line as a test that failed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.fixtures import FixtureDef, SubRequest

from lab import phases

FIXTURES = "fixture durations"
PHASES = "phase durations"
LONG_S = 0.05  # shorter fixtures are not worth a line
CUT_OFF = "session-timeout:"  # how pytest-timeout begins its reason to end a session


def pytest_addoption(parser: pytest.Parser) -> None:
    """The file of the run."""
    parser.addoption("--durations-to", metavar="FILE", help="append durations to FILE, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Only the process that hears all reports writes; workers send theirs along."""
    file = config.getoption("--durations-to")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Writer(Path(file)))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: FixtureDef[Any], request: SubRequest) -> Iterator[None]:
    """A fixture that others need counts these in."""
    began_s = time.monotonic()
    try:
        return (yield)
    finally:
        seconds = time.monotonic() - began_s
        if seconds >= LONG_S:
            found = [fixturedef.argname, fixturedef.scope, round(seconds, 3)]
            request.node.session.stash.setdefault(_key, []).append(found)


_key = pytest.StashKey[list[list[Any]]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """What was spent since the last report goes with this one."""
    report = yield
    spent = {name: round(seconds, 3) for name, seconds in phases.take().items()}
    fixtures = item.session.stash.get(_key, [])
    report.user_properties = [
        *report.user_properties,
        (PHASES, spent),
        (FIXTURES, list(fixtures)),
    ]
    fixtures.clear()
    return report


class Writer:
    """Appends to the file as reports come, so that a run that is ended leaves what it had."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("a", buffering=1)
        self._began_s = time.monotonic()
        self._busy_s = busy_s()
        self._interruption = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be collected fails as a test does."""
        if report.failed:
            self._write(
                test=report.nodeid, when="collect", outcome=report.outcome, seconds=0, phases={}
            )

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """With workers, the limit of the session comes as an interruption."""
        self._interruption = str(excinfo.value)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A line for the report, and one for each fixture that was set up meanwhile."""
        told = dict(report.user_properties)
        self._write(
            test=report.nodeid,
            when=report.when,
            outcome="xfailed" if report.skipped and hasattr(report, "wasxfail") else report.outcome,
            seconds=round(report.duration, 3),
            phases=told.get(PHASES, {}),
        )
        fixtures: Any = told.get(FIXTURES, [])
        for name, scope, seconds in fixtures:
            self._write(fixture=name, scope=scope, test=report.nodeid, seconds=seconds)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """The run as a whole."""
        seconds = time.monotonic() - self._began_s
        used = (busy_s() - self._busy_s) / seconds
        reason = self._interruption or str(session.shouldfail)
        self._write(
            run=" ".join(session.config.invocation_params.args),
            seconds=round(seconds, 1),
            processors_used=round(used, 2),
            cut_off=CUT_OFF in reason,
        )
        self._file.close()

    def _write(self, **line: Any) -> None:
        self._file.write(json.dumps(line) + "\n")


def busy_s() -> float:
    """Seconds that this machine's processors have worked since boot, all together.

    The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)).
    """
    try:
        line = Path("/proc/stat").read_text().splitlines()[0]
    except OSError:
        return 0.0  # not a Linux
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(int, line.split()[1:])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")
