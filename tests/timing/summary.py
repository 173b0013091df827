"""What recorded durations say: by test, fixture, phase and file. Pure."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHOWN = 10
KEPT = Path(__file__).with_name("seconds.json")


@dataclass
class Summary:
    """Seconds. `tests` counts set-up and teardown in, which a module's first and last test pay for
    the module; `runs` are the runs of pytest, with the processors that each kept busy."""

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
    elif "fixture" in line:
        summary.fixtures[f"{line['fixture']} of {line['test']}"] += line["seconds"]
    else:
        summary.tests[line["test"]] += line["seconds"]
        for name, seconds in line["phases"].items():
            summary.phases[name] += seconds
        _judge(summary.outcomes, line["test"], line["outcome"])


def _judge(outcomes: dict[str, str], test: str, outcome: str) -> None:
    """A test that failed in set-up, call or teardown has failed."""
    if outcomes.get(test) != "failed":
        outcomes[test] = outcome


def differences(before: Summary, now: Summary) -> list[str]:
    """Files that take longer or shorter than before, the largest difference first."""
    seconds: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for column, summary in enumerate((before, now)):
        for file, spent in summary.files().items():
            seconds[file][column] += spent
    ordered = sorted(seconds.items(), key=lambda each: -abs(each[1][1] - each[1][0]))
    return [f"{old:7.1f} s  {new:7.1f} s  {file}" for file, (old, new) in ordered if old or new]


def kept_seconds() -> dict[str, float]:
    """What each test took when durations were kept last: the tests are distributed by it."""
    found: dict[str, float] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    return found


def keep(found: Summary) -> None:
    """Puts these in the place of what was known of the same tests."""
    seconds = {**kept_seconds(), **{test: round(s, 1) for test, s in found.tests.items()}}
    KEPT.write_text(json.dumps(dict(sorted(seconds.items())), indent=0) + "\n")
