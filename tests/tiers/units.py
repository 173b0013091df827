"""Which part of the soak tests runs when. Pure.

A unit is a file of tests, whose tests share clusters, or one test of a file that takes long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# Real clusters wait a little more than they compute.
WORKERS = 3
SPLIT_S = 240  # files that take longer are split into their tests
UNKNOWN_S = 30  # what a test may take that has never run
LEAST_S = 0.1  # of a test; shorter ones are kept as 0


@dataclass
class Unit:
    """`name` is what pytest is asked for; `seconds` of one worker, as expected, and `alone_s` of
    those while nothing else may run. `place`: among all units, as pytest collects them."""

    name: str
    seconds: float = 0.0
    tests: list[str] = field(default_factory=list)
    alone_s: float = 0.0
    place: int = 0

    @property
    def share_s(self) -> float:
        """What it takes of a run's time: what is not alone shares that with the other workers."""
        return self.alone_s + (self.seconds - self.alone_s) / WORKERS


@dataclass(frozen=True)
class Past:
    """How a unit ended last. `at`: seconds since 1970."""

    at: float
    passed: bool


def units_of(tests: Mapping[str, bool], seconds: Mapping[str, float]) -> list[Unit]:
    """The units of these node ids, each with whether it runs alone, by what it took before."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for test in tests:
        files[test.partition("::")[0]].append(test)
    lasting = {test: max(LEAST_S, seconds.get(test, UNKNOWN_S)) for test in tests}
    split = [part for file in sorted(files) for part in _split(file, files[file], lasting)]
    return [
        Unit(
            name,
            sum(lasting[test] for test in found),
            found,
            sum(lasting[test] for test in found if tests[test]),
            place,
        )
        for place, (name, found) in enumerate(split)
    ]


def _split(
    file: str, tests: list[str], seconds: Mapping[str, float]
) -> Iterator[tuple[str, list[str]]]:
    if sum(seconds[test] for test in tests) <= SPLIT_S:
        yield file, tests
    else:
        yield from ((test, [test]) for test in tests)


def parts(units: Sequence[Unit], part_s: float) -> list[list[Unit]]:
    """All units in parts that run for about `part_s` seconds, the longest units spread first."""
    count = max(1, round(sum(unit.share_s for unit in units) / part_s))
    found: list[list[Unit]] = [[] for _ in range(count)]
    for unit in sorted(units, key=lambda each: (-each.share_s, each.name)):
        min(found, key=lambda part: sum(each.share_s for each in part)).append(unit)
    return found


def part_of(commit: str, units: Sequence[Unit], part_s: float) -> list[Unit]:
    """The part that belongs to a commit, by its hash: each part comes as often as any other, and
    begins with each of its units as often as with any other, since a limit may cut off its end."""
    found = parts(units, part_s)
    turn, number = divmod(int(commit, 16), len(found))
    part = found[number]
    first = turn % max(1, len(part))
    return part[first:] + part[:first]


def in_turn(units: Iterable[Unit], past: Mapping[str, Past]) -> list[Unit]:
    """What failed last comes first, then what never ran, then what ran longest ago."""

    def turn(unit: Unit) -> tuple[int, float]:
        ended = past.get(unit.name)
        if ended is None:
            return 1, 0.0
        return (2, ended.at) if ended.passed else (0, ended.at)

    return sorted(units, key=turn)


def batch(units: Sequence[Unit], capacity_s: float) -> list[Unit]:
    """The first units that a run of so many seconds has time for; one at least."""
    chosen: list[Unit] = []
    total_s = 0.0
    for unit in units:
        if chosen and total_s + unit.share_s > capacity_s:
            break
        chosen.append(unit)
        total_s += unit.share_s
    return chosen


def asked_for(units: Sequence[Unit]) -> list[str]:
    """The names of a batch, file by file. Tests of a file may share a cluster, each as the one
    before has left it, so they keep the order that they have there."""
    files = [_file(unit) for unit in units]
    ordered = sorted(units, key=lambda unit: (files.index(_file(unit)), unit.place))
    return [unit.name for unit in ordered]


def _file(unit: Unit) -> str:
    return unit.name.partition("::")[0]


def runs_of(units: Sequence[Unit]) -> list[bool]:
    """The runs of pytest that a batch needs, each as whether its tests run alone. That with the
    first unit comes first, since a limit may cut off the other."""
    wanted = {True: any(unit.alone_s for unit in units)}
    wanted[False] = any(unit.alone_s < unit.seconds for unit in units)
    first = units[0].alone_s == units[0].seconds
    return [alone for alone in (first, not first) if wanted[alone]]


def ended(unit: Unit, outcomes: Mapping[str, str]) -> bool | None:
    """Whether it passed; None if it has not ended, that is if nothing failed and some test has no
    outcome or all were skipped."""
    found = [outcomes.get(test) for test in unit.tests]
    if "failed" in found:
        return False
    return True if None not in found and "passed" in found else None
