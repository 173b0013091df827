"""Runs what `make test` leaves out, for as long as it is given."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from lab.cache import cache_folder
from tests.tiers.running import PYTEST
from tests.tiers.units import Past, Unit, batch, in_turn, part_of, units_of
from tests.timing.summary import Summary, kept_seconds, read

MINUTES = 60.0
WORKERS = 3
BATCH_S = 15 * 60.0  # of a batch, after which what failed is known
PART_S = 25 * 60.0  # of one worker: what CI runs beside `make test`
PART_LIMIT_S = 14 * 60.0
SEED_DIGITS = 8  # of the commit's hash


def run_in_turn() -> bool:
    """All units in turn, until SOAK_MINUTES are over; true if nothing failed."""
    limit_s = 60 * float(os.environ.get("SOAK_MINUTES", MINUTES))
    ledger = Ledger()
    return _run_all(in_turn(_units(), ledger.past), ledger, limit_s, _commit("HEAD"))


def run_part(name: str) -> bool:
    """The part that belongs to a commit; true if nothing failed."""
    commit = _commit(name)
    return _run_all(part_of(commit, _units(), PART_S), Ledger(), PART_LIMIT_S, commit)


def _run_all(waiting: list[Unit], ledger: Ledger, limit_s: float, commit: str) -> bool:
    end_s = time.monotonic() + limit_s
    _say(f"soak: {len(waiting)} units, {limit_s / 60:.0f} minutes at most")
    failed: list[str] = []
    seed = str(int(commit[:SEED_DIGITS], 16))
    while waiting and (left_s := end_s - time.monotonic()) > 0:
        chosen = batch(waiting, WORKERS * min(left_s, BATCH_S))
        waiting = waiting[len(chosen) :]
        found = _run(chosen, seed, left_s)
        ledger.note(chosen, found)
        failed += [test for test, outcome in found.outcomes.items() if outcome == "failed"]
    for test in failed:
        _say(f"failed; to repeat: TEST_SEED={seed} {shlex.join([*PYTEST, test])}")
    _say(f"soak: {len(failed)} failed, {len(waiting)} units were not reached")
    return not failed


def _run(units: Sequence[Unit], seed: str, limit_s: float) -> Summary:
    """One batch: side by side what may be, then what runs alone."""
    names = [unit.name for unit in units]
    with tempfile.TemporaryDirectory(prefix="etcd-soak-") as folder:
        record = Path(folder) / "durations.jsonl"
        options = (f"--durations-to={record}", f"--session-timeout={limit_s:.0f}")
        workers = ("-n", str(WORKERS), "--dist", "loadfile")
        environment = {**os.environ, "TEST_SEED": seed}
        for expression, how in (("soak and not alone", workers), ("soak and alone", ())):
            command = (*PYTEST, *options, *how, "--unchanged=soak", "-m", expression, *names)
            subprocess.run(command, env=environment, check=False)
        return read([record]) if record.exists() else Summary()


class Ledger:
    """How each unit ended last, on this machine."""

    def __init__(self) -> None:
        self._file = cache_folder("soak") / "ledger.json"
        known = json.loads(self._file.read_text()) if self._file.exists() else {}
        self.past = {name: Past(**past) for name, past in known.items()}

    def note(self, units: Iterable[Unit], found: Summary) -> None:
        """Keeps how these ended; a unit none of whose tests ran has not ended."""
        for unit in units:
            outcomes = {found.outcomes[test] for test in unit.tests if test in found.outcomes}
            if outcomes:
                self.past[unit.name] = Past(time.time(), passed="failed" not in outcomes)
        text = json.dumps({name: asdict(past) for name, past in self.past.items()}, indent=1)
        part = self._file.with_suffix(".part")
        part.write_text(text + "\n")
        part.replace(self._file)


def _collect() -> list[str]:
    """The node ids of all soak tests."""
    query = (*PYTEST, "--collect-only", "--unchanged=soak", "-m", "soak")
    found = subprocess.run(query, capture_output=True, text=True, check=False)
    tests = [line for line in found.stdout.splitlines() if "::" in line]
    if not tests:
        sys.exit(found.stdout + found.stderr)
    return tests


def _units() -> list[Unit]:
    return units_of(_collect(), kept_seconds())


def _commit(name: str) -> str:
    told = ("git", "rev-parse", "--verify", f"{name}^{{commit}}")
    return subprocess.run(told, capture_output=True, text=True, check=True).stdout.strip()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
