"""The tiers of tests, as pytest's markers tell them, and what a run of some tests says."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

Tier = Literal["check", "test", "soak"]
Outcome = Literal["passed", "failed", "timed out", "unusable"]

_SOAK = "soak"
TIERS: Mapping[Tier, str] = MappingProxyType(
    {"check": f"not slow and not {_SOAK}", "test": f"slow and not {_SOAK}", "soak": _SOAK}
)
# Of a run of tests; in soak each may take a quarter of an hour.
LIMITS_S: Mapping[Tier, float] = MappingProxyType({"check": 300, "test": 300, "soak": 1800})
# Tests that were interrupted stop what they have started.
_GRACE_S = 60
# These would find any mutant by its text.
_NOT_ASKED = (
    "--ignore=tests/mutants",
    "--deselect=tests/model/test_broken_scripts.py::test_a_reckless_script_is_caught",
    "--deselect=tests/model/test_broken_scripts.py::test_a_script_that_goes_nowhere_is_caught",
)
# Of pytest's short summary: `ERROR` with a test is a fixture that failed, without one a file that
# could not be read.
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$", re.MULTILINE)
_NOTHING_TO_RUN = 5
_TOO_LONG = "from pytest-timeout"
_SERVER = Path(__file__).with_name("server.py")


@dataclass(frozen=True)
class Verdict:
    """`test`: the first that failed. `said`: the end of what pytest said."""

    outcome: Outcome
    test: str
    seconds: float
    said: str = ""


class Suite:
    """Runs tests of the checkout `folder`. They and Python write into `scratch`."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder, self._scratch = folder, scratch
        self.compiled = scratch / "compiled"
        self._output = scratch / "output"

    def __enter__(self) -> Self:
        self._scratch.mkdir()
        self._server = subprocess.Popen(
            [sys.executable, _SERVER],
            cwd=self._folder,
            env=_environment(self.compiled),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait()

    def run(self, tests: Sequence[str], tier: Tier, limit_s: float) -> Verdict:
        """Those of `tier` among `tests`, until one fails."""
        started_s = time.monotonic()
        arguments = ["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={self._scratch / 'tests'}"]
        child = self._asked([*arguments, "-m", TIERS[tier], *_NOT_ASKED, *tests])
        try:
            in_time = self._answers(limit_s)
        except KeyboardInterrupt:
            os.kill(child, signal.SIGINT)
            raise
        seconds = time.monotonic() - started_s
        if not in_time:
            self._end(child)
        code = self._answer()
        self._end_leftovers()
        said = self._output.read_text(errors="replace")
        if not in_time:
            return Verdict("timed out", f"none within {limit_s:.0f} s", seconds, said[-2000:])
        meant, test = outcome(code, said)
        return Verdict(meant, test, seconds, "" if meant == "passed" else said[-2000:])

    def _asked(self, arguments: Sequence[str]) -> int:
        """The number of the process that runs pytest with these."""
        self._output.unlink(missing_ok=True)
        assert self._server.stdin
        self._server.stdin.write(json.dumps([arguments, str(self._output)]) + "\n")
        self._server.stdin.flush()
        return self._answer()

    def _answer(self) -> int:
        assert self._server.stdout
        return int(self._server.stdout.readline())

    def _answers(self, limit_s: float) -> bool:
        return bool(select.select([self._server.stdout], [], [], limit_s)[0])

    def _end(self, child: int) -> None:
        os.kill(child, signal.SIGINT)
        if not self._answers(_GRACE_S):
            os.killpg(child, signal.SIGKILL)

    def _end_leftovers(self) -> None:
        """Whatever names the tests' folder, as the members of a test that was cut off do."""
        folder = os.fsencode(self._scratch / "tests")
        for command in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if folder in command.read_bytes():
                    os.kill(int(command.parent.name), signal.SIGKILL)


def _environment(compiled: Path) -> dict[str, str]:
    """Python keeps what it has compiled in a folder of ours, also where it is told to keep none:
    to compile pytest and what it loads takes longer than most tests."""
    kept = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(compiled)}


def outcome(code: int, said: str) -> tuple[Outcome, str]:
    """What pytest's exit code and output mean, and the first test that failed."""
    if code in {0, _NOTHING_TO_RUN}:
        return "passed", ""
    failed = _FAILED.search(said)
    if not failed:
        return "unusable", ""
    return ("timed out" if _TOO_LONG in said else "failed"), failed[1]
