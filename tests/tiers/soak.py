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
PART_S = 18 * 60.0  # of one worker: what CI runs beside `make test`
SEED_DIGITS = 8  # of the commit's hash


def run(minutes: float | None, commit: str | None) -> bool:
    """True if nothing failed. With `commit` its part once, else all units in turn until the
    time is over."""
    minutes = minutes or float(os.environ.get("SOAK_MINUTES", MINUTES))
    end_s = time.monotonic() + 60 * minutes
    ledger = Ledger()
    units = units_of(_collect(), kept_seconds())
    head = _head(commit or "HEAD")
    waiting = part_of(head, units, PART_S) if commit else in_turn(units, ledger.past)
    _say(f"soak: {len(waiting)} of {len(units)} units wait, {minutes:.0f} minutes are given")
    failed: list[str] = []
    seed = str(int(head[:SEED_DIGITS], 16))
    while waiting and (left_s := end_s - time.monotonic()) > 0:
        chosen = batch(waiting, WORKERS * min(left_s, BATCH_S))
        waiting = waiting[len(chosen) :]
        found = _run(chosen, seed, left_s)
        ledger.note(chosen, found)
        failed += [test for test, outcome in found.outcomes.items() if outcome == "failed"]
    for test in failed:
        _say(f"failed; to repeat: TEST_SEED={seed} {shlex.join([*PYTEST, test])}")
    _say(f"soak: {len(failed)} failed, {len(waiting)} of {len(units)} units were not reached")
    return not failed


def _run(units: Sequence[Unit], seed: str, limit_s: float) -> Summary:
    """One batch: side by side what may be, then what runs alone."""
    names = [unit.name for unit in units]
    with tempfile.TemporaryDirectory(prefix="etcd-soak-") as folder:
        record = Path(folder) / "durations.jsonl"
        options = (f"--durations-to={record}", f"--session-timeout={limit_s + BATCH_S:.0f}")
        workers = ("-n", str(WORKERS), "--dist", "loadfile")
        environment = {**os.environ, "TEST_SEED": seed}
        for expression, how in (("soak and not alone", workers), ("soak and alone", ())):
            command = (*PYTEST, *options, *how, "--standins=always", "-m", expression, *names)
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
    query = (*PYTEST, "--collect-only", "--standins=always", "-m", "soak")
    found = subprocess.run(query, capture_output=True, text=True, check=False)
    tests = [line for line in found.stdout.splitlines() if "::" in line]
    if not tests:
        sys.exit(found.stdout + found.stderr)
    return tests


def _head(commit: str) -> str:
    told = ("git", "rev-parse", "--verify", f"{commit}^{{commit}}")
    return subprocess.run(told, capture_output=True, text=True, check=True).stdout.strip()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
