"""The tiers keep to their budgets, and soak comes to all of its tests in turn."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiers import __main__ as tiers
from tests.tiers.budget import judge, left_s
from tests.tiers.running import Spent
from tests.tiers.units import (
    SPLIT_S,
    WORKERS,
    Past,
    Unit,
    asked_for,
    batch,
    ended,
    in_turn,
    part_of,
    parts,
    runs_of,
    units_of,
)
from tests.timing.summary import read

UNITS = [Unit("a", 100), Unit("b", 300), Unit("c", 200), Unit("d", 50)]


@pytest.mark.parametrize(
    ("tier", "seconds", "compiled_s", "over", "fails"),
    [
        ("test", 720, 0, False, False),
        ("test", 721, 0, True, False),
        ("test", 1081, 0, True, True),
        # Compiling for a minute gives the tests no longer.
        ("test", 1081 + 61, 61, True, True),
        ("test", 1500, 800, False, False),
        ("test", 1501, 800, True, False),
        ("test", 2251, 2000, True, True),
        ("check", 90, 0, True, False),
        ("check", 91, 0, True, True),
        ("ci", 2400, 0, False, False),
        ("ci", 3601, 0, True, True),
    ],
)
def test_a_tier_is_held_against_its_budgets(tier, seconds, compiled_s, over, fails) -> None:
    verdict = judge(tier, seconds, compiled_s, ["  9.0 s  the slowest"])
    assert (verdict.over, verdict.fails) == (over, fails)
    assert verdict.lines[0].startswith(f"{tier}: ")
    assert any("over the budget" in line for line in verdict.lines) == over
    assert ("  9.0 s  the slowest" in verdict.lines) == over


def test_what_is_left_for_soak_is_what_ci_has_not_spent() -> None:
    assert left_s("ci", 30 * 60) == 10 * 60
    assert left_s("ci", 41 * 60) == 0


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, float]]:
    """How long each step of a tier is to take; what is not in it fails."""
    seconds: dict[str, float] = {}

    def step(spent: Spent, name: str, *commands: object) -> bool:
        spent.note(name, seconds.get(name, 0))
        return name in seconds

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(Spent, "step", step)
    monkeypatch.setattr(tiers, "_makes_hosts", lambda: False)
    return seconds


def test_the_fast_tests_have_their_budget_inside_of_a_longer_tier(steps) -> None:
    steps |= {tiers.COMPILING: 1, tiers.FAST: 91, tiers.SLOW: 1}
    passed, (check, test) = tiers.Tier("test", time.time()).run()
    assert passed
    assert check.lines[0].startswith("check: 91 s")
    assert check.fails
    assert not test.over


def test_the_steps_of_a_tier_are_in_its_record(steps, tmp_path: Path) -> None:
    steps |= {tiers.COMPILING: 70.0, tiers.FAST: 50.0}  # the slow tests fail
    passed, _ = tiers.Tier("test", time.time()).run()
    assert not passed
    recorded = read([tmp_path / "etcd-cluster" / "durations" / "test.jsonl"]).steps
    assert list(recorded) == [tiers.SET_UP, tiers.COMPILING, tiers.FAST, tiers.SLOW]
    assert recorded[tiers.COMPILING] == 70


@pytest.mark.parametrize(("passed", "status"), [(True, 0), (False, 1)])
def test_a_part_of_soak_that_fails_fails_ci(passed, status, steps, monkeypatch) -> None:
    monkeypatch.setattr(tiers.soak, "run_part", lambda commit, left_s: passed)
    monkeypatch.setattr(sys, "argv", ["tiers", "soak", "--commit", "HEAD"])
    with pytest.raises(SystemExit) as ending:
        tiers.main()
    assert ending.value.code == status


def test_a_long_file_is_split_into_its_tests() -> None:
    tests = ["long.py::one", "long.py::two", "short.py::one", "short.py::two"]
    seconds = {"long.py::one": SPLIT_S, "long.py::two": 1, "short.py::one": 1, "short.py::two": 0}
    found = units_of({test: test == "short.py::two" for test in tests}, seconds)
    assert [unit.name for unit in found] == ["long.py::one", "long.py::two", "short.py"]
    assert [unit.alone_s > 0 for unit in found] == [False, False, True]


@given(st.lists(st.floats(1, 900), min_size=1, max_size=40), st.floats(60, 2000))
def test_the_parts_of_all_commits_are_all_units(lengths: list[float], part_s: float) -> None:
    units = [Unit(f"u{number}", seconds) for number, seconds in enumerate(lengths)]
    found = [unit.name for part in parts(units, part_s) for unit in part]
    assert sorted(found) == sorted(unit.name for unit in units)


@settings(deadline=None)  # asks for the part of many commits
@given(st.lists(st.floats(1, 900), min_size=1, max_size=8), st.floats(100, 2000))
def test_each_unit_is_the_first_of_its_part_for_some_commit(
    lengths: list[float], part_s: float
) -> None:
    units = [Unit(f"u{number}", seconds) for number, seconds in enumerate(lengths)]
    found = parts(units, part_s)
    commits = len(found) * max(map(len, found))
    chosen = [part_of(f"{number:x}", units, part_s) for number in range(commits)]
    assert {part[0].name for part in chosen if part} == {unit.name for unit in units}
    whole = {frozenset(unit.name for unit in part) for part in found}
    assert {frozenset(unit.name for unit in part) for part in chosen} == whole


def test_what_failed_last_comes_first_and_then_what_ran_longest_ago() -> None:
    past = {"a": Past(at=2, passed=True), "b": Past(at=1, passed=True), "d": Past(3, passed=False)}
    assert [unit.name for unit in in_turn(UNITS, past)] == ["d", "c", "b", "a"]


def test_a_batch_fits_the_time_that_is_left() -> None:
    assert [unit.name for unit in batch(UNITS, 400 / WORKERS)] == ["a", "b"]
    assert [unit.name for unit in batch(UNITS, 1)] == ["a"]
    # What runs alone shares its time with nobody.
    assert [unit.name for unit in batch([Unit("e", 90, alone_s=90), *UNITS], 100)] == ["e"]


def test_tests_of_a_file_run_in_its_order_whatever_comes_first() -> None:
    tests = ["a.py::founds", "a.py::grows", "b.py::one"]
    units = units_of(dict.fromkeys(tests, False), dict.fromkeys(tests, SPLIT_S))
    founds, grows, one = units
    assert asked_for([grows, one, founds]) == ["a.py::founds", "a.py::grows", "b.py"]
    assert asked_for([one, grows, founds]) == ["b.py", "a.py::founds", "a.py::grows"]


def test_a_batch_begins_with_the_run_that_its_first_unit_is_in() -> None:
    alone, mixed = Unit("e", 90, alone_s=90), Unit("f", 90, alone_s=30)
    assert runs_of(UNITS) == [False]
    assert runs_of([alone]) == [True]
    assert runs_of([alone, *UNITS]) == [True, False]
    assert runs_of([*UNITS, alone]) == [False, True]
    assert runs_of([mixed]) == [False, True]


@pytest.mark.parametrize(
    ("one", "two", "passed"),
    [
        ("passed", "passed", True),
        ("passed", "skipped", True),
        ("failed", None, False),
        ("passed", None, None),
        ("skipped", "skipped", None),
    ],
)
def test_a_unit_has_ended_with_all_of_its_tests_or_with_a_failure(one, two, passed) -> None:
    told = {"one": one, "two": two}
    outcomes = {test: outcome for test, outcome in told.items() if outcome}
    assert ended(Unit("a", 2, ["one", "two"]), outcomes) is passed
