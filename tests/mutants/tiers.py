"""The tiers of tests, as pytest's markers tell them, and what a run of some tests says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

Tier = Literal["check", "test", "soak"]
Outcome = Literal["passed", "failed", "timed out", "unusable"]

_SOAK = "soak"
TIERS: Mapping[Tier, str] = MappingProxyType(
    {"check": f"not slow and not {_SOAK}", "test": f"slow and not {_SOAK}", "soak": _SOAK}
)
LIMIT_S = 300
COMPILED = "compiled"
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


@dataclass(frozen=True)
class Verdict:
    """`test`: the first that failed. `said`: the end of what pytest said."""

    outcome: Outcome
    test: str
    seconds: float
    said: str = ""


def run(
    folder: Path, tests: Sequence[str], tier: Tier, *, limit_s: float, scratch: Path
) -> Verdict:
    """The tests of `tier` among `tests`, in the checkout `folder`, until one fails. They and
    Python write into `scratch`."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    command += [f"--basetemp={scratch / 'tests'}", "-m", TIERS[tier], *_NOT_ASKED, *tests]
    scratch.mkdir(exist_ok=True)
    started_s = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(scratch / COMPILED),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        said, in_time = _said(process, limit_s)
    seconds = round(time.monotonic() - started_s, 1)
    if not in_time:
        return Verdict("timed out", f"none within {limit_s:.0f} s", seconds, said[-2000:])
    meant, test = outcome(process.returncode, said)
    return Verdict(meant, test, seconds, "" if meant == "passed" else said[-2000:])


def _said(process: subprocess.Popen[str], limit_s: float) -> tuple[str, bool]:
    """What it has printed, and whether it came to its end by itself."""
    try:
        return process.communicate(timeout=limit_s)[0], True
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait(_GRACE_S)
        raise
    try:
        return process.communicate(timeout=_GRACE_S)[0], False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], False


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
    return ("failed", failed[1]) if failed else ("unusable", "")
