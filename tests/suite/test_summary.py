"""Recorded durations are compared, and kept for tests that there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.timing.summary import SHOWN, Summary, differences, keep, read


def summary(file: Path, *lines: dict[str, Any]) -> Summary:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return read([file])


def line(test: str, when: str = "teardown", outcome: str = "passed", **more: Any) -> dict[str, Any]:
    return {"test": test, "when": when, "outcome": outcome, "seconds": 1, "phases": {}, **more}


def test_everything_that_takes_longer_is_named_the_largest_difference_first(tmp_path: Path) -> None:
    def of(seconds: int) -> Summary:
        return summary(
            tmp_path / "record",
            {"step": "slow tests", "seconds": 2 * seconds},
            line("a.py::one", seconds=seconds, phases={"wait": seconds / 2}),
            line("b.py::two", seconds=1),
            {"fixture": "cluster", "test": "a.py::one", "seconds": seconds / 5},
        )

    assert differences(of(5), of(50)) == [
        "   10.0 s    100.0 s  slow tests",
        "",
        "    2.5 s     25.0 s  wait",
        "",
        "    5.0 s     50.0 s  a.py",
        "    1.0 s      1.0 s  b.py",
        "",
        "    5.0 s     50.0 s  a.py::one",
        "    1.0 s      1.0 s  b.py::two",
        "",
        "    1.0 s     10.0 s  cluster of a.py::one",
    ]


def test_the_largest_differences_are_shown(tmp_path: Path) -> None:
    lines = [line(f"a.py::{number:02}", seconds=number) for number in range(2 * SHOWN)]
    shown = differences(Summary(), summary(tmp_path / "record", *lines))
    assert len([each for each in shown if "a.py::" in each]) == SHOWN
    assert f"a.py::{2 * SHOWN - 1}" in shown[4]


def test_a_test_has_an_outcome_when_it_has_ended(tmp_path: Path) -> None:
    found = summary(
        tmp_path / "record",
        *(line("whole", when) for when in ("setup", "call", "teardown")),
        *(line("cut off", when) for when in ("setup", "call")),
        *(line("left out", "setup", "skipped"), line("left out")),
        *(line("broken", "call", "failed"), line("broken")),
        *(line("again", "call", "rerun"), line("again", "call"), line("again")),
    )
    outcomes = {"whole": "passed", "left out": "skipped", "broken": "failed", "again": "passed"}
    assert found.outcomes == outcomes


def test_what_is_kept_is_of_tests_that_there_are(tmp_path: Path) -> None:
    found = summary(tmp_path / "record", line("b", seconds=2.04), line("removed since"))
    known = {"gone": 3.0, "b": 1.0, "c": 4.0}
    assert keep(found, known, {"b", "c", "new"}) == {"b": 2.0, "c": 4.0}
