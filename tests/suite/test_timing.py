"""Durations are recorded by test, fixture and phase, and how the run ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.timing.summary import Summary, read

# Each starts pytest, whose start alone takes a second.
pytestmark = [pytest.mark.slow, pytest.mark.soak]

REPOSITORY = Path(__file__).resolve().parents[2]
TESTS = """
import pytest
from lab.phases import phase
import time

@pytest.fixture(scope="module")
def cluster():
    with phase("found"):
        time.sleep(0.2)

def test_waits(cluster):
    with phase("wait"), phase("measure"):
        time.sleep(0.1)

def test_fails():
    assert False
"""
LONG = """
import pytest
import time

@pytest.mark.parametrize("number", [1, 2])
def test_waits(number):
    time.sleep(0.2)
"""
SKIPPED = """
import pytest

@pytest.mark.skip
def test_left_out():
    pass

@pytest.mark.xfail
def test_known():
    assert False
"""


def recorded(folder: Path, text: str, *words: str) -> Summary:
    """What a run of these tests leaves."""
    (folder / "test_it.py").write_text(text)
    record = folder / "durations.jsonl"
    command = (sys.executable, "-m", "pytest", "-q", "-p", "tests.timing.plugin", *words)
    ini = ("--rootdir", str(folder), "-c", "/dev/null")
    asked = (*command, *ini, f"--durations-to={record}", str(folder))
    subprocess.run(asked, cwd=REPOSITORY, capture_output=True, check=False)
    return read([record])


def test_tests_fixtures_and_phases_are_summed_up(tmp_path: Path) -> None:
    found = recorded(tmp_path, TESTS, "-n", "1")
    assert found.outcomes == {
        "test_it.py::test_waits": "passed",
        "test_it.py::test_fails": "failed",
    }
    assert found.tests["test_it.py::test_waits"] > 0.25
    assert found.fixtures["cluster of test_it.py::test_waits"] > 0.15
    assert 0.15 < found.phases["found"] < 1
    # What is inside another phase counts to that one.
    assert 0.05 < found.phases["wait"] < 1
    assert "measure" not in found.phases
    (run,) = found.runs
    assert run["seconds"] > 0.3
    assert run["processors_used"] > 0
    assert not run["cut_off"]


@pytest.mark.parametrize("workers", [(), ("-n", "1", "--dist", "loadfile")])
def test_a_run_says_that_its_limit_has_cut_it_off(workers: tuple[str, ...], tmp_path: Path) -> None:
    found = recorded(tmp_path, LONG, "--session-timeout=0.1", *workers)
    assert found.outcomes == {"test_it.py::test_waits[1]": "passed"}
    assert [run["cut_off"] for run in found.runs] == [True]


@pytest.mark.parametrize("workers", [(), ("-n", "1", "--dist", "loadfile")])
def test_a_file_that_cannot_be_collected_has_failed(
    workers: tuple[str, ...], tmp_path: Path
) -> None:
    found = recorded(tmp_path, "import nothing_of_this_name\n", *workers)
    assert found.outcomes == {"test_it.py": "failed"}
    assert [run["cut_off"] for run in found.runs] == [False]


def test_what_was_skipped_has_not_passed(tmp_path: Path) -> None:
    found = recorded(tmp_path, SKIPPED)
    assert found.outcomes == {
        "test_it.py::test_left_out": "skipped",
        "test_it.py::test_known": "passed",
    }
