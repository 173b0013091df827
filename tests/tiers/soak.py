"""Runs what `make test` leaves out, for as long as it is given."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from lab.cache import cache_folder
from tests.tiers.collected import PYTEST, collect
from tests.tiers.running import new_record
from tests.tiers.units import (
    WORKERS,
    Past,
    Unit,
    asked_for,
    batch,
    ended,
    in_turn,
    part_of,
    runs_of,
    units_of,
)
from tests.timing.summary import Summary, kept_seconds, read

MINUTES = 60.0
BATCH_S = 15 * 60.0  # after which what failed is known
PART_S = 8 * 60.0  # what CI runs beside `make test`, as expected
PART_LIMIT_S = 14 * 60.0
SEED_DIGITS = 8  # of the commit's hash
SIDE_BY_SIDE = ("-n", str(WORKERS), "--dist", "loadfile")


def run_in_turn() -> bool:
    """All units in turn, until SOAK_MINUTES are over; true if nothing failed."""
    limit_s = 60 * float(os.environ.get("SOAK_MINUTES", MINUTES))
    soak = Soak(_commit("HEAD"), limit_s)
    return soak.run(in_turn(_units(soak.seed), soak.ledger.past))


def run_part(name: str, left_s: float) -> bool:
    """The part that belongs to a commit, if CI has time left for it; true if nothing failed."""
    commit = _commit(name)
    soak = Soak(commit, min(PART_LIMIT_S, left_s))
    if left_s <= 0:
        _say("soak: nothing is left of CI's budget, so nothing of it runs")
        return True
    return soak.run(part_of(commit, _units(soak.seed), PART_S))


class Ledger:
    """How each unit ended last, on this machine."""

    def __init__(self) -> None:
        self._file = cache_folder("soak") / "ledger.json"
        known = json.loads(self._file.read_text()) if self._file.exists() else {}
        self.past = {name: Past(**past) for name, past in known.items()}

    def note(self, units: Iterable[Unit], found: Summary) -> None:
        """Keeps how these ended, if they have."""
        for unit in units:
            passed = ended(unit, found.outcomes)
            if passed is not None:
                self.past[unit.name] = Past(time.time(), passed)
        text = json.dumps({name: asdict(past) for name, past in self.past.items()}, indent=1)
        part = self._file.with_suffix(".part")
        part.write_text(text + "\n")
        part.replace(self._file)


@dataclass
class Soak:
    """One run of soak: its time begins here, and its record, which CI's verdict reads."""

    commit: str
    limit_s: float
    ledger: Ledger = field(default_factory=Ledger)
    record: Path = field(default_factory=lambda: new_record("soak"))
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._end_s = time.monotonic() + self.limit_s
        self.seed = str(int(self.commit[:SEED_DIGITS], 16))

    def run(self, units: list[Unit]) -> bool:
        """These in order, while there is time; true if nothing failed."""
        _say(f"soak: {len(units)} units, {self.limit_s / 60:.0f} minutes at most")
        waiting = units
        while waiting and self._left_s() > 0:
            chosen = batch(waiting, min(self._left_s(), BATCH_S))
            waiting = waiting[len(chosen) :]
            for alone in runs_of(chosen):
                self._pytest(asked_for(chosen), alone=alone)
            self.ledger.note(chosen, self._found())
        return self._told(units)

    def _left_s(self) -> float:
        return self._end_s - time.monotonic()

    def _found(self) -> Summary:
        return read([self.record]) if self.record.exists() else Summary()

    def _pytest(self, names: Sequence[str], *, alone: bool) -> None:
        left_s = self._left_s()
        if left_s <= 0:
            return
        how = ("soak and alone",) if alone else ("soak and not alone", *SIDE_BY_SIDE)
        what = ("--unchanged=soak", "--in-order", "-m", *how, *names)
        limit = f"--session-timeout={max(1.0, left_s):.0f}"
        command = (*PYTEST, f"--durations-to={self.record}", limit, *what)
        before = self._found()
        environment = {**os.environ, "TEST_SEED": self.seed}
        status = subprocess.run(command, env=environment, check=False).returncode
        if not is_explained(status, before, self._found()):
            self.broken.append(f"pytest ended with {status}: {self._repeated((*PYTEST, *what))}")

    def _repeated(self, command: Sequence[str]) -> str:
        return f"TEST_SEED={self.seed} {shlex.join(command)}"

    def _told(self, units: Sequence[Unit]) -> bool:
        found = self._found()
        bad = failures(found)
        for test, outcome in bad.items():
            _say(f"{outcome}; to repeat: {self._repeated([*PYTEST, test])}")
        for problem in self.broken:
            _say(problem)
        left = sum(not found.outcomes.keys() >= {*unit.tests} for unit in units)
        _say(f"soak: {len(bad) + len(self.broken)} failed, {left} units were not reached")
        return not bad and not self.broken


def failures(found: Summary) -> dict[str, str]:
    """Tests that failed; in CI also those that were left out, since there nothing may be."""
    bad = {"failed", "skipped"} if os.environ.get("CI") else {"failed"}
    return {test: outcome for test, outcome in found.outcomes.items() if outcome in bad}


def is_explained(status: int, before: Summary, now: Summary) -> bool:
    """Whether what was recorded of a run of pytest explains the status it ended with. A run that
    was cut off by its time limit ends with 1, or with 2 where it has workers, whatever its tests
    did. A run that crashed has recorded no end, and one of no tests was given names of none."""
    last = now.runs[-1] if len(now.runs) > len(before.runs) else {}
    if status == pytest.ExitCode.OK:
        return bool(last)
    if status == pytest.ExitCode.TESTS_FAILED and len(failures(now)) > len(failures(before)):
        return True
    cut_off = (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
    return status in cut_off and bool(last.get("cut_off"))


def _units(seed: str) -> list[Unit]:
    """The names of seeded tests are those of this seed."""
    return units_of(collect("-m", "soak", seed=seed), kept_seconds())


def _commit(name: str) -> str:
    told = ("git", "rev-parse", "--verify", f"{name}^{{commit}}")
    return subprocess.run(told, capture_output=True, text=True, check=True).stdout.strip()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
