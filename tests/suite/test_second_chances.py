"""Only tests on the list run twice, and only for a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.suite.small_suite import make, pytest_in

# Each starts pytest, whose start alone takes a second.
pytestmark = [pytest.mark.slow, pytest.mark.soak]

TESTS = """
import pathlib
import pytest

def fails_once(name):
    path = pathlib.Path(name)
    if not path.exists():
        path.touch()
        raise AssertionError("the first time")

def test_listed():
    fails_once("listed")

def test_other():
    fails_once("other")

@pytest.mark.promise("x", "y")
def test_promise():
    pass
"""
TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)


def said(folder: Path, tests: str, until: object = TODAY, *words: str) -> str:
    conftest = (
        "from datetime import date\n"
        "from tests import second_chances\n"
        "second_chances.SECOND_CHANCES = (\n"
        f"    second_chances.SecondChance({tests!r}, 'why', date.fromisoformat('{until}')),\n"
        ")\n"
    )
    make(folder, {"tests/test_it.py": TESTS, "tests/conftest.py": conftest})
    return pytest_in(folder, "tests.second_chances", *words)


def test_until_its_date_a_listed_test_runs_twice_and_no_other(tmp_path: Path) -> None:
    told = said(tmp_path, "tests/test_it.py::test_listed")
    assert "1 failed, 2 passed, 1 rerun" in told
    assert "FAILED tests/test_it.py::test_other" in told
    assert "second chance taken: tests/test_it.py::test_listed" in told


def test_afterwards_it_fails(tmp_path: Path) -> None:
    told = said(tmp_path, "tests/test_it.py::test_listed", YESTERDAY)
    assert "2 failed, 1 passed" in told


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_what_shows_a_promise_must_not_be_listed(tmp_path: Path, workers: tuple[str, ...]) -> None:
    told = said(tmp_path, "tests/test_it.py", TODAY, *workers)
    assert "tests/test_it.py::test_promise shows a promise" in told
    assert "1 error" in told


def test_an_entry_for_no_test_is_an_error_where_all_are_collected(tmp_path: Path) -> None:
    assert "no test begins with tests/test_gone.py" in said(tmp_path, "tests/test_gone.py")
    part = said(tmp_path, "tests/test_gone.py", TODAY, "tests/test_it.py::test_promise")
    assert "1 passed" in part
