"""Leaves out test files that have no slow test, when only those are asked for: importing all files
takes a worker five seconds of a processor."""

from __future__ import annotations

import re
from itertools import chain, combinations
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

SLOW = "slow"
_asked = pytest.StashKey[bool]()
_silent = pytest.StashKey[list[str]]()


def asks_for_slow_only(expression: str) -> bool:
    """Whether no test can be meant by `-m` that is not slow, whatever other marks it has."""
    if not expression:
        return False
    others = {*re.findall(r"\w+", expression)} - {"and", "or", "not", SLOW}
    marks = chain.from_iterable(combinations(others, n) for n in range(len(others) + 1))
    meant = Expression.compile(expression).evaluate
    return not any(meant(lambda name, has=has, **_: name in has) for has in marks)


def says_slow(file: Path) -> bool:
    """A test cannot be slow unless its file says so: tests/suite/test_collecting.py."""
    return SLOW in file.read_text()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_asked] = asks_for_slow_only(config.option.markexpr)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Of files, those of tests."""
    if not config.stash[_asked] or not collection_path.name.startswith("test_"):
        return None
    return True if collection_path.is_file() and not says_slow(collection_path) else None


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keeps what would be left out wrongly, for the test that judges it."""
    slow = {item.path for item in items if item.get_closest_marker(SLOW)}
    config.stash[_silent] = [str(path) for path in sorted(slow) if not says_slow(path)]


def silent_files(config: pytest.Config) -> list[str]:
    """Files with slow tests that do not say so."""
    return config.stash[_silent]
