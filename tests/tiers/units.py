"""Which part of the soak tests runs when. Pure.

A unit is a file of tests, whose tests share clusters, or one test of a file that takes long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

SPLIT_S = 240  # files that take longer are split into their tests
UNKNOWN_S = 30  # what a test may take that has never run


@dataclass
class Unit:
    """`name` is what pytest is asked for; `seconds` of one worker, as expected."""

    name: str
    seconds: float = 0.0
    tests: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Past:
    """How a unit ended last. `at`: seconds since 1970."""

    at: float
    passed: bool


def units_of(tests: Iterable[str], seconds: Mapping[str, float]) -> list[Unit]:
    """The units of these node ids, by what each test took before."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for test in tests:
        files[test.partition("::")[0]].append(test)
    return [unit for file, found in sorted(files.items()) for unit in _units(file, found, seconds)]


def _units(file: str, tests: list[str], seconds: Mapping[str, float]) -> list[Unit]:
    whole = Unit(file, sum(seconds.get(test, UNKNOWN_S) for test in tests), tests)
    if whole.seconds <= SPLIT_S:
        return [whole]
    return [Unit(test, seconds.get(test, UNKNOWN_S), [test]) for test in tests]


def parts(units: Sequence[Unit], part_s: float) -> list[list[Unit]]:
    """All units in parts of about `part_s` seconds, the longest units spread first."""
    count = max(1, round(sum(unit.seconds for unit in units) / part_s))
    found: list[list[Unit]] = [[] for _ in range(count)]
    for unit in sorted(units, key=lambda each: (-each.seconds, each.name)):
        min(found, key=lambda part: sum(each.seconds for each in part)).append(unit)
    return found


def part_of(commit: str, units: Sequence[Unit], part_s: float) -> list[Unit]:
    """The part that belongs to a commit, by its hash: each part comes as often as any other."""
    found = parts(units, part_s)
    return found[int(commit, 16) % len(found)]


def in_turn(units: Iterable[Unit], past: Mapping[str, Past]) -> list[Unit]:
    """What failed last comes first, then what never ran, then what ran longest ago."""

    def turn(unit: Unit) -> tuple[int, float]:
        ended = past.get(unit.name)
        if ended is None:
            return 1, 0.0
        return (2, ended.at) if ended.passed else (0, ended.at)

    return sorted(units, key=turn)


def batch(units: Sequence[Unit], capacity_s: float) -> list[Unit]:
    """The first units that fit into so many seconds of all workers; one at least."""
    chosen: list[Unit] = []
    total_s = 0.0
    for unit in units:
        if chosen and total_s + unit.seconds > capacity_s:
            break
        chosen.append(unit)
        total_s += unit.seconds
    return chosen
