"""Figures with their aims: printed for a person, written as JSON for a program."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.project import REPOSITORY

RESULTS = REPOSITORY / "bench" / "results"


class NotMeasurable(Exception):  # noqa: N818 (nothing is wrong)
    """This machine cannot do it; the text says why."""


@dataclass(frozen=True)
class Figure:
    """One measured value: of several runs, the median."""

    name: str
    unit: str
    runs: tuple[float, ...]
    aim: float | None = None  # at most

    @property
    def value(self) -> float:
        return statistics.median(self.runs)

    @property
    def line(self) -> str:
        runs = f"  (runs: {' '.join(map(_short, self.runs))})" if len(self.runs) > 1 else ""
        line = f"{self.name:<44}{_short(self.value):>9} {self.unit:<5}{self._verdict()}{runs}"
        return line.rstrip()

    def _verdict(self) -> str:
        if self.aim is None:
            return ""
        met = "met" if self.value <= self.aim else "MISSED"
        return f"  aim {_short(self.aim)}: {met}"


@dataclass
class Report:
    """What one measurement has found. `notes` say what a reader must know about the figures."""

    name: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    def add(self, name: str, unit: str, runs: Sequence[float], aim: float | None = None) -> None:
        figure = Figure(name, unit, tuple(runs), aim)
        self.figures.append(figure)
        print(figure.line, flush=True)

    def note(self, text: str) -> None:
        self.notes.append(text)
        print(text, flush=True)

    def write(self) -> None:
        if self.load > (os.cpu_count() or 1) + 1:
            self.note(f"the machine was busy (load {self.load:.1f}): it measured that as well")
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{self.name}.json").write_text(json.dumps(self._document(), indent=2) + "\n")

    def _document(self) -> dict[str, Any]:
        return {
            "measured": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{os.cpu_count()} CPUs, {platform.machine()}, {platform.system()}",
            "load": round(self.load, 2),
            "notes": self.notes,
            "figures": [
                {"name": f.name, "unit": f.unit, "value": f.value, "runs": f.runs, "aim": f.aim}
                for f in self.figures
            ],
        }


def _short(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"
