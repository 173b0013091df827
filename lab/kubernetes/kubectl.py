"""The program that everybody uses."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab.hosts.machine import Result


class Kubectl:
    """Runs as whoever `kubeconfig` is."""

    def __init__(self, program: Path, kubeconfig: Path) -> None:
        self.program, self._kubeconfig = program, kubeconfig

    def __call__(self, *words: str, stdin: str = "", timeout_s: float = 60) -> Result:
        """What it answers."""
        done = subprocess.run(
            [self.program, f"--kubeconfig={self._kubeconfig}", *words],
            # It keeps what the server can do in a folder of its caller's.
            env={"HOME": str(self._kubeconfig.parent)},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)
