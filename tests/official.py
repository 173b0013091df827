"""Leaves tests out that want what only a stand-in does, where an official one is in its place.

`@pytest.mark.standins_only("command", "language")` names the stand-ins that a test is about: tls,
command, kubernetes, and language for the Python language host.
"""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from toolchain import plugins, versions
from toolchain.layout import Layout

NAMES = {"tls", "command", "kubernetes", "language"}


@functools.cache
def in_use(root: Path) -> frozenset[str]:
    """The official ones, as set-up has left them in the project."""
    return frozenset(plugins.official(Layout(root), versions.read(root)))


# First, so that the record of the stand-ins' own tests does not wait for what never runs.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left = [item for item in items if _about(item) & in_use(config.rootpath)]
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=left)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found = in_use(terminalreporter.config.rootpath)
    if found:
        terminalreporter.write_line(
            f"official here: {', '.join(sorted(found))}; "
            "tests of what only their stand-ins do are left out"
        )


def _about(item: pytest.Item) -> set[str]:
    """The stand-ins that a test is about."""
    names = {name for mark in item.iter_markers("standins_only") for name in mark.args}
    if not names <= NAMES or (not names and item.get_closest_marker("standins_only")):
        raise pytest.UsageError(f"{item.nodeid}: standins_only names some of {sorted(NAMES)}")
    return names
