"""The tiers keep to their budgets, and soak comes to all of its tests in turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers.budget import judge
from tests.tiers.units import SPLIT_S, Past, Unit, batch, in_turn, part_of, parts, units_of

UNITS = [Unit("a", 100), Unit("b", 300), Unit("c", 200), Unit("d", 50)]


@pytest.mark.parametrize(
    ("seconds", "compiled_s", "over", "fails"),
    [
        (719, 0, False, False),
        (721, 0, True, False),
        (1081, 0, True, True),
        (1499, 700, False, False),
        (1501, 700, True, False),
        (2251, 700, True, True),
    ],
)
def test_a_tier_is_held_against_its_budget(seconds, compiled_s, over, fails) -> None:
    verdict = judge("test", seconds, compiled_s, ["  9.0 s  the slowest"])
    assert (verdict.over, verdict.fails) == (over, fails)
    assert verdict.lines[0].startswith(f"test: {seconds} s")
    assert ("  9.0 s  the slowest" in verdict.lines) == over


def test_a_long_file_is_split_into_its_tests() -> None:
    tests = ["long.py::one", "long.py::two", "short.py::one", "short.py::two"]
    seconds = {"long.py::one": SPLIT_S, "long.py::two": 1, "short.py::one": 1, "short.py::two": 1}
    assert [unit.name for unit in units_of(tests, seconds)] == [
        "long.py::one",
        "long.py::two",
        "short.py",
    ]


@given(st.lists(st.floats(1, 900), min_size=1, max_size=40), st.floats(60, 2000))
def test_the_parts_of_all_commits_are_all_units(lengths: list[float], part_s: float) -> None:
    units = [Unit(f"u{number}", seconds) for number, seconds in enumerate(lengths)]
    found = [unit.name for part in parts(units, part_s) for unit in part]
    assert sorted(found) == sorted(unit.name for unit in units)


def test_a_part_is_chosen_by_the_hash_of_the_commit() -> None:
    chosen = {unit.name for digit in "0123456789" for unit in part_of(digit, UNITS, 300)}
    assert chosen == {"a", "b", "c", "d"}
    assert part_of("7f", UNITS, 300) == part_of("7f", UNITS, 300)


def test_what_failed_last_comes_first_and_then_what_ran_longest_ago() -> None:
    past = {"a": Past(at=2, passed=True), "b": Past(at=1, passed=True), "d": Past(3, passed=False)}
    assert [unit.name for unit in in_turn(UNITS, past)] == ["d", "c", "b", "a"]


def test_a_batch_fits_the_time_that_is_left() -> None:
    assert [unit.name for unit in batch(UNITS, 450)] == ["a", "b"]
    assert [unit.name for unit in batch(UNITS, 1)] == ["a"]
