"""Runs a tier: `python -m tests.tiers check | test | soak`. `make` calls it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lab.hosts.fixtures import missing_packages
from tests.tiers import soak
from tests.tiers.budget import Verdict, judge, left_s
from tests.tiers.collected import PYTEST
from tests.tiers.running import Command, Spent, new_record, record_of
from tests.tiers.units import WORKERS
from tests.timing.summary import read

LINT: Command = ("make", "--silent", "lint", "types")
COMPILERS: Command = ("make", "--silent", "etcds", "kubernetes")
IMAGES: Command = (
    *(sys.executable, "-m", "lab.hosts.images"),
    *("systemd", "systemd-firewalld", "openrc"),
)
SET_UP, COMPILING = "set-up", "compilers, images of hosts"
FAST, SLOW = "fast tests, lint, types", "slow tests"


def main() -> None:
    """Exits with 1 when a test fails or, in CI, when the tier took far longer than its budget."""
    parser = argparse.ArgumentParser(prog="python -m tests.tiers", description=__doc__)
    parser.add_argument("tier", choices=("check", "test", "soak"))
    parser.add_argument("--began", type=float, default=time.time(), help="seconds since 1970")
    parser.add_argument("--commit", help="of soak: only the part that belongs to this commit")
    arguments = parser.parse_args()
    if arguments.tier != "soak":
        _end(*Tier(arguments.tier, arguments.began).run())
    elif arguments.commit:
        left = left_s("ci", time.time() - arguments.began)
        passed = soak.run_part(arguments.commit, left)
        slowest = _slowest(record_of("test"), record_of("soak"))
        _end(passed, [judge("ci", time.time() - arguments.began, slowest=slowest)])
    else:
        sys.exit(0 if soak.run_in_turn() else 1)


@dataclass
class Tier:
    """A run of `check` or `test`, which began with the set-up that `make` does before it."""

    name: str
    began: float
    verdicts: list[Verdict] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._record = new_record(self.name)
        self._spent = Spent(self._record)
        self._spent.note(SET_UP, time.time() - self.began)

    def run(self) -> tuple[bool, list[Verdict]]:
        """Whether its steps succeeded, up to the first that does not, and how long they took."""
        passed = all(step() for step in self._steps())
        sys.stdout.write("\n".join(self._spent.lines()) + "\n")
        if self.name == "test":
            spent = self._spent.steps
            compiled_s = spent[SET_UP] + spent.get(COMPILING, 0)
            self._judge("test", time.time() - self.began, compiled_s)
        return passed, self.verdicts

    def _steps(self) -> list[Callable[[], bool]]:
        if self.name == "check":
            return [self._fast]
        return [self._compile, self._fast, self._slow]

    def _compile(self) -> bool:
        """Images wait for packages while compilers compute."""
        images = [IMAGES] if _makes_hosts() else []
        return self._spent.step(COMPILING, COMPILERS, *images)

    def _fast(self) -> bool:
        """The fast tests, with lint and types beside them: each alone leaves a processor idle."""
        tests = self._tests("-n", "2", "--dist", "worksteal", "-m", "not slow")
        passed = self._spent.step(FAST, tests, LINT)
        self._judge("check", self._spent.steps[FAST])
        return passed

    def _slow(self) -> bool:
        """What runs `alone` is in soak."""
        workers = ("-n", str(WORKERS), "--dist", "loadfile")
        return self._spent.step(SLOW, self._tests(*workers, "-m", "slow and not soak"))

    def _tests(self, *words: str) -> Command:
        return (*PYTEST, f"--durations-to={self._record}", *words)

    def _judge(self, tier: str, seconds: float, compiled_s: float = 0) -> None:
        self.verdicts.append(judge(tier, seconds, compiled_s, _slowest(self._record)))


def _slowest(*records: Path) -> list[str]:
    return read(record for record in records if record.exists()).slowest()


def _end(passed: bool, verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        sys.stdout.write("\n".join(verdict.lines) + "\n")
    late = os.environ.get("CI") and any(verdict.fails for verdict in verdicts)
    sys.exit(0 if passed and not late else 1)


def _makes_hosts() -> bool:
    return os.geteuid() == 0 and not missing_packages()


if __name__ == "__main__":
    main()
