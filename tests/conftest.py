"""What holds for every test of this project."""

from __future__ import annotations

import os

import pytest
from _pytest.terminal import TerminalReporter


def pytest_configure() -> None:
    """Whose shell this is may have settings for its own cluster, as `.toolchain/env` gives."""
    for name in list(os.environ):
        if name.startswith(("ETCD_", "ETCDCTL_")) and name != "ETCD_BIN_DIR":
            del os.environ[name]


def left_out(reporter: TerminalReporter) -> int:
    """How many tests were skipped where nothing may be left out: in CI."""
    return len(reporter.stats.get("skipped", [])) if os.environ.get("CI") else 0


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test says why, and in CI it fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if isinstance(reporter, TerminalReporter) and left_out(reporter):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def reason(report: pytest.TestReport) -> str:
    """What a test failed on, without the way there; a story may be long."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr).strip()[:2000]


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """What a test failed on that then passed, and in words how many were left out."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_line(f"run again: {report.nodeid}\n{reason(report)}")
    if count := left_out(terminalreporter):
        terminalreporter.write_line(f"error: {count} left out, in CI nothing may be", red=True)
