"""`python -m ops` on a stack of the tests, as `make` runs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass

from lab.phases import phase
from lab.stack import REPOSITORY, STACK, TIMEOUT_S, EtcdStack


@dataclass(frozen=True)
class Shown:
    """What a person saw: standard output and standard error."""

    status: int
    stdout: str
    stderr: str

    def ok(self) -> Shown:
        """Itself, if the call succeeded."""
        assert self.status == 0, self.stdout + self.stderr
        return self


def start_ops(stack: EtcdStack, *arguments: str) -> subprocess.Popen[str]:
    """Starts it in the stack's folder, where `ops` belongs to the project as in a checkout."""
    if not (stack.folder / "ops").exists():
        shutil.copytree(REPOSITORY / "ops", stack.folder / "ops")
    return subprocess.Popen(
        [sys.executable, "-m", "ops", *arguments, "--stack", STACK],
        cwd=stack.folder,
        env=stack.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ops(stack: EtcdStack, *arguments: str) -> Shown:
    """Runs it to its end."""
    with phase(stack.phase_of(arguments[0])):
        process = start_ops(stack, *arguments)
        stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    stack.founded |= arguments[0] == "up" and process.returncode == 0
    return Shown(process.returncode, stdout, stderr)
