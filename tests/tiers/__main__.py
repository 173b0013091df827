"""Runs a tier: `python -m tests.tiers check | test | soak`. `make` calls it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path

from lab.hosts.fixtures import missing_packages
from tests.tiers import soak
from tests.tiers.budget import Verdict, judge
from tests.tiers.running import PYTEST, Command, Spent, new_record
from tests.timing.summary import read

LINT: Command = ("make", "--silent", "lint", "types")
COMPILERS: Command = ("make", "--silent", "etcds", "kubernetes")
IMAGES: Command = (
    *(sys.executable, "-m", "lab.hosts.images"),
    *("systemd", "systemd-firewalld", "openrc"),
)
# Real clusters wait a little more than they compute.
WORKERS = 3
COMPILING, BUILDING = "compilers", "images of hosts"


def main() -> None:
    """Exits with 1 when a test fails or, in CI, when the tier took far longer than its budget."""
    parser = argparse.ArgumentParser(prog="python -m tests.tiers", description=__doc__)
    parser.add_argument("tier", choices=("check", "test", "soak"))
    parser.add_argument("--began", type=float, default=time.time(), help="seconds since 1970")
    parser.add_argument("--commit", help="of soak: only the part that belongs to this commit")
    arguments = parser.parse_args()
    if arguments.tier != "soak":
        _tier(arguments.tier, arguments.began)
    elif arguments.commit:
        soak.run_part(arguments.commit)
        # What fails may be of an earlier commit, so it is reported and does not refuse this one.
        _end(passed=True, verdict=judge("ci", time.time() - arguments.began))
    else:
        sys.exit(0 if soak.run_in_turn() else 1)


def _tier(tier: str, began: float) -> None:
    spent, record = Spent(), new_record(tier)
    tests = partial(_pytest, record)
    passed = all(step() for step in (_check if tier == "check" else _test)(spent, tests))
    sys.stdout.write("\n".join(spent.lines()) + "\n")
    before_s = time.time() - began - sum(spent.steps.values())  # set-up, which `make` did
    compiled_s = before_s + sum(spent.steps.get(name, 0) for name in (COMPILING, BUILDING))
    slowest = read([record]).slowest() if record.exists() else []
    _end(passed=passed, verdict=judge(tier, time.time() - began, compiled_s, slowest))


def _end(*, passed: bool, verdict: Verdict) -> None:
    sys.stdout.write("\n".join(verdict.lines) + "\n")
    sys.exit(0 if passed and not (verdict.fails and os.environ.get("CI")) else 1)


def _pytest(record: Path, *words: str) -> Command:
    return (*PYTEST, f"--durations-to={record}", *words)


def _check(spent: Spent, tests: partial[Command]) -> list[partial[bool]]:
    """The fast tests, with lint and types beside them: each alone leaves a processor idle."""
    fast = tests("-n", "2", "--dist", "worksteal", "-m", "not slow")
    return [partial(spent.step, "fast tests, lint, types", fast, LINT)]


def _test(spent: Spent, tests: partial[Command]) -> list[partial[bool]]:
    """What runs `alone` is in soak."""
    workers = ("-n", str(WORKERS), "--dist", "loadfile")
    return [
        partial(spent.step, COMPILING, COMPILERS),
        *([partial(spent.step, BUILDING, IMAGES)] if _makes_hosts() else []),
        *_check(spent, tests),
        partial(spent.step, "slow tests", tests(*workers, "-m", "slow and not soak")),
    ]


def _makes_hosts() -> bool:
    return os.geteuid() == 0 and not missing_packages()


if __name__ == "__main__":
    main()
