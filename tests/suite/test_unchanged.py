"""Tests of what seldom changes are left out while nothing of theirs has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suite.small_suite import make, pytest_in
from tests.unchanged import REAL_ETCD, STAND_INS, SUBJECTS, Subject, digest

# Each starts pytest, whose start alone takes a second.
pytestmark = [pytest.mark.slow, pytest.mark.soak]

TESTS = """
import pytest

def test_fast():
    pass

@pytest.mark.slow
def test_slow():
    pass

def test_that_needs_something():
    pytest.importorskip("no_such_module")
"""
STAND_IN, PINS = "toolchain/standins/tls.py", "requirements.txt"
QUESTIONS, VERSIONS = "tests/model/questions.py", "components/spec/values/versions.py"
UNCHANGED = "stand-ins: unchanged since they passed on 2"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    files = {
        "tests/toolchain/test_standin_tls.py": TESTS,
        "tests/test_other.py": "def test_other():\n    pass\n",
        STAND_IN: "",
        PINS: "pulumi==3.1 \\\npulumi-tls==5.5.1 \\\nother==1 \\\n",
        QUESTIONS: "",
        VERSIONS: "NEWEST = 1\nOTHER = 1\n",
    }
    return make(tmp_path / "suite", files)


def run(suite: Path, *words: str) -> str:
    return pytest_in(suite, "tests.unchanged", *words)


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_what_passed_is_left_out_and_what_was_skipped_is_not(
    suite: Path, workers: tuple[str, ...]
) -> None:
    assert "3 passed, 1 skipped" in run(suite, *workers)
    again = run(suite, *workers)
    assert "1 passed, 1 skipped" in again
    assert UNCHANGED in again
    assert "; 2 tests left to soak" in again
    (suite / STAND_IN).write_text("x = 1")
    assert "3 passed, 1 skipped" in run(suite, *workers)


def test_fast_and_slow_ones_pass_in_runs_of_their_own(suite: Path) -> None:
    assert UNCHANGED not in run(suite, "-m", "not slow")
    assert "; 1 tests left to soak" in run(suite, "-m", "slow")
    assert "; 2 tests left to soak" in run(suite)


@pytest.mark.parametrize(
    ("name", "text", "changed"),
    [
        (STAND_IN, "x = 1", STAND_INS),
        ("toolchain/standins/another.py", "", STAND_INS),
        ("tests/toolchain/test_standin_tls.py", "", STAND_INS),
        (PINS, "pulumi==3.1 \\\npulumi-tls==5.5.2 \\\n", STAND_INS),
        (PINS, "pulumi==3.1 \\\npulumi-tls==5.5.1 \\\nother==2 \\\n", None),
        (QUESTIONS, "x = 1", REAL_ETCD),
        ("tests/model/test_real_etcd.py", "", REAL_ETCD),
        ("tests/model/simulated/etcd", "", None),
        (VERSIONS, "NEWEST = 2\nOTHER = 1\n", REAL_ETCD),
        (VERSIONS, "NEWEST = 1\nOTHER = 2\n", None),
        ("toolchain/engine.py", "x = 1", None),
    ],
)
def test_what_is_a_change(suite: Path, name: str, text: str, changed: Subject | None) -> None:
    before = {subject: digest(subject, suite) for subject in SUBJECTS}
    (suite / name).parent.mkdir(exist_ok=True)
    (suite / name).write_text(text)
    after = {subject: digest(subject, suite) for subject in SUBJECTS}
    assert [each for each in SUBJECTS if before[each] != after[each]] == [changed] * bool(changed)


def test_one_that_failed_or_was_not_selected_keeps_all_of_them(suite: Path) -> None:
    tests = suite / "tests/toolchain/test_standin_tls.py"
    run(suite, "-k", "not fast")
    assert "; 1 tests left to soak" in run(suite, "-m", "slow")
    tests.write_text(TESTS.replace("def test_fast():\n    pass", "def test_fast():\n    assert 0"))
    assert "1 failed" in run(suite)
    assert "1 failed" in run(suite)


def test_one_of_soak_keeps_none_of_the_others(suite: Path) -> None:
    tests = suite / "tests/toolchain/test_standin_tls.py"
    soak = "\n@pytest.mark.slow\n@pytest.mark.soak\ndef test_soak():\n    pass\n"
    tests.write_text(TESTS + soak)
    run(suite, "-m", "slow and not soak")
    assert "; 1 tests left to soak" in run(suite, "-m", "slow and not soak")


def test_who_asks_for_them_gets_them(suite: Path) -> None:
    run(suite)
    assert "2 passed" in run(suite, "tests/toolchain")
    assert "2 passed" in run(suite, "--unchanged=soak", "-m", "soak")


def test_a_subject_is_left_out_by_itself(suite: Path) -> None:
    (suite / "tests/model/test_real_etcd.py").write_text(TESTS)
    run(suite)
    (suite / QUESTIONS).write_text("x = 1")
    again = run(suite)
    assert UNCHANGED in again
    assert "questions to etcd: unchanged" not in again
    assert "3 passed, 2 skipped" in again
    assert "questions to etcd: unchanged since they passed on 2" in run(suite)
