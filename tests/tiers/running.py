"""Runs the commands of a tier, one after the other or side by side."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from lab.cache import cache_folder

Command = Sequence[str]


@dataclass
class Spent:
    """Seconds of each named step of a tier, in order; the record of the run has them too."""

    record: Path
    steps: dict[str, float] = field(default_factory=dict)

    def step(self, name: str, *commands: Command) -> bool:
        """Runs the commands side by side; true if all succeed. What they print is shown whole,
        that of the first as it comes and that of the others when they end."""
        began_s = time.monotonic()
        first, *others = commands
        with ThreadPoolExecutor(len(commands)) as pool:
            beside = [pool.submit(_quietly, command) for command in others]
            status = subprocess.run(first, check=False).returncode
            statuses = [status, *(job.result() for job in beside)]
        self.note(name, time.monotonic() - began_s)
        return not any(statuses)

    def note(self, name: str, seconds: float) -> None:
        """Keeps how long a step took."""
        self.steps[name] = seconds
        with self.record.open("a") as record:
            record.write(json.dumps({"step": name, "seconds": round(seconds, 1)}) + "\n")

    def lines(self) -> list[str]:
        """A line for each step."""
        return [f"{seconds:7.1f} s  {name}" for name, seconds in self.steps.items()]


def _quietly(command: Command) -> int:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
    return done.returncode


def record_of(tier: str) -> Path:
    """The file that the durations of its last run are in."""
    return cache_folder("durations") / f"{tier}.jsonl"


def new_record(tier: str) -> Path:
    """The same file for another run; the former one is kept beside it to compare with."""
    record = record_of(tier)
    if record.exists():
        record.replace(record.with_suffix(".before.jsonl"))
    return record
