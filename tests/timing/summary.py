"""What recorded durations say: by step of a tier, phase, file, test and fixture. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHOWN = 10
KEPT = Path(__file__).with_name("seconds.json")


@dataclass
class Summary:
    """Seconds. `tests` counts set-up and teardown in, which a module's first and last test pay for
    the module. `outcomes` are of tests that have ended. `steps` are those of a tier, `runs` the
    runs of pytest, with the processors that each kept busy."""

    steps: Counter[str] = field(default_factory=Counter)
    tests: Counter[str] = field(default_factory=Counter)
    fixtures: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, str] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)

    def files(self) -> Counter[str]:
        """Seconds by test file."""
        found: Counter[str] = Counter()
        for test, seconds in self.tests.items():
            found[test.partition("::")[0]] += seconds  # type: ignore[assignment]
        return found

    def slowest(self) -> list[str]:
        """The slowest tests and fixtures, a line each."""
        return [
            *(f"{seconds:7.1f} s  {name}" for name, seconds in self.tests.most_common(SHOWN)),
            *(
                f"{seconds:7.1f} s  fixture {name}"
                for name, seconds in self.fixtures.most_common(SHOWN)
            ),
        ]


def read(files: Iterable[Path]) -> Summary:
    """All runs that were recorded into these files, together."""
    summary = Summary()
    for file in files:
        for text in file.read_text().splitlines():
            _add(summary, json.loads(text))
    return summary


def _add(summary: Summary, line: Mapping[str, Any]) -> None:
    if "run" in line:
        summary.runs.append(dict(line))
    elif "step" in line:
        summary.steps[line["step"]] += line["seconds"]
    elif "fixture" in line:
        summary.fixtures[f"{line['fixture']} of {line['test']}"] += line["seconds"]
    else:
        summary.tests[line["test"]] += line["seconds"]
        for name, seconds in line["phases"].items():
            summary.phases[name] += seconds
        _judge(summary.outcomes, line["test"], line["outcome"], line["when"])


def _judge(outcomes: dict[str, str], test: str, outcome: str, when: str) -> None:
    """A test that failed in set-up, call or teardown has failed, and one that was skipped in any
    of them was left out. It has passed when its teardown, which comes last, has."""
    if outcome == "failed" or (outcome == "skipped" and outcomes.get(test) != "failed"):
        outcomes[test] = outcome
    elif when == "teardown":
        outcomes.setdefault(test, "passed")


def differences(before: Summary, now: Summary) -> list[str]:
    """The steps, phases, files, tests and fixtures that differ most, the largest difference of
    each kind first."""
    return [
        line
        for old, new in (
            (before.steps, now.steps),
            (before.phases, now.phases),
            (before.files(), now.files()),
            (before.tests, now.tests),
            (before.fixtures, now.fixtures),
        )
        for line in (*_differences(old, new), "")
    ][:-1]


def _differences(before: Counter[str], now: Counter[str]) -> list[str]:
    names = {*before, *now}
    ordered = sorted(names, key=lambda name: (-abs(now[name] - before[name]), name))
    return [f"{before[name]:7.1f} s  {now[name]:7.1f} s  {name}" for name in ordered[:SHOWN]]


def kept_seconds() -> dict[str, float]:
    """What each test took when durations were kept last: the tests are distributed by it."""
    found: dict[str, float] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    return found


def keep(found: Summary, known: Mapping[str, float], tests: Container[str]) -> dict[str, float]:
    """These in the place of what was known of the same tests, without those there are no more."""
    seconds = {**known, **{test: round(spent_s, 1) for test, spent_s in found.tests.items()}}
    return {test: seconds[test] for test in sorted(seconds) if test in tests}
