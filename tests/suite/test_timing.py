"""Durations are recorded by test, fixture and phase, and can be compared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.timing.summary import differences, read

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


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suite")
    (folder / "test_it.py").write_text(TESTS)
    record = folder / "durations.jsonl"
    command = (sys.executable, "-m", "pytest", "-q", "-n", "1", "-p", "tests.timing.plugin")
    ini = ("--rootdir", str(folder), "-c", "/dev/null")
    words = (*command, *ini, f"--durations-to={record}", str(folder))
    subprocess.run(words, cwd=REPOSITORY, capture_output=True, check=False)
    return record


def test_tests_fixtures_and_phases_are_summed_up(record: Path) -> None:
    found = read([record])
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


def test_what_takes_longer_than_before_comes_first(record: Path, tmp_path: Path) -> None:
    line = {"test": "test_a.py::test", "when": "call", "outcome": "passed", "phases": {}}
    files = []
    for name, seconds in (("before", 5), ("now", 50)):
        files.append(tmp_path / name)
        files[-1].write_text(json.dumps({**line, "seconds": seconds}) + "\n")
    before, now = map(read, ([files[0], record], [files[1], record]))
    assert differences(before, now)[0] == "    5.0 s     50.0 s  test_a.py"
