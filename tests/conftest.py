"""What holds for every test of this project."""

from __future__ import annotations

import os

import pytest
from _pytest.terminal import TerminalReporter

SOAK_LIMIT_S = 900
# Percent by which the memory of a Go program may grow before it collects garbage, 100 unless given.
# A sixth of the processor time of the engine, kubectl and the API server went there.
GO_MEMORY_GROWTH = "400"


def pytest_configure() -> None:
    """Whose shell this is may have settings for its own cluster, as `.toolchain/env` gives."""
    os.environ.setdefault("GOGC", GO_MEMORY_GROWTH)
    for name in list(os.environ):
        if name.startswith(("ETCD_", "ETCDCTL_")) and name != "ETCD_BIN_DIR":
            del os.environ[name]


@pytest.hookimpl(trylast=True)  # when `--standins=always` has said which tests are of soak
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test in soak, which may be emulated or repeat something many times."""
    for item in items:
        if item.get_closest_marker("soak") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SOAK_LIMIT_S))


def left_out(reporter: TerminalReporter) -> int:
    """How many tests were skipped where nothing may be left out: in CI."""
    return len(reporter.stats.get("skipped", [])) if os.environ.get("CI") else 0


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test says why, and in CI it fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if isinstance(reporter, TerminalReporter) and left_out(reporter):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """In words how many were left out."""
    if count := left_out(terminalreporter):
        terminalreporter.write_line(f"error: {count} left out, in CI nothing may be", red=True)
