"""What one run of an operation has shown, kept as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from lab.operations.steps import Step


class Write(NamedTuple):
    """One write: when it began, since the first, and how long it took."""

    at_s: float
    latency_ms: float
    failed: bool


class Span(NamedTuple):
    """From when to when an `up` ran, since the first write."""

    begin_s: float
    end_s: float


@dataclass(frozen=True)
class Outcome:
    """`client` is what the writer reports; `most_down`: members that were down at once."""

    client: Mapping[str, Any]
    restarts: Mapping[str, int]
    most_down: int
    ups: Sequence[Span]
    steps: Sequence[Step]
    writes: Sequence[Write]

    @property
    def seconds(self) -> float:
        """Of all `up`s together."""
        return sum(up.end_s - up.begin_s for up in self.ups)


def writes_of(table: Path) -> list[Write]:
    """The writer's own list."""
    with table.open(newline="") as lines:
        return [
            Write(float(row["started_ms"]) / 1000, float(row["latency_ms"]), bool(row["failure"]))
            for row in csv.DictReader(lines)
        ]


def keep(operation: str, outcomes: Sequence[Outcome], folder: Path) -> None:
    """In the place of earlier ones of that operation."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(outcome) for outcome in outcomes])
    (folder / f"{operation}.json").write_text(text + "\n")


def kept(operation: str, folder: Path) -> list[Outcome]:
    """The runs that were measured last; none if it never was."""
    path = folder / f"{operation}.json"
    return [_outcome(each) for each in json.loads(path.read_text())] if path.exists() else []


def _outcome(document: Mapping[str, Any]) -> Outcome:
    lists = {
        "ups": [Span(*up) for up in document["ups"]],
        "steps": [Step(**step) for step in document["steps"]],
        "writes": [Write(*write) for write in document["writes"]],
    }
    return Outcome(**{**document, **lists})
