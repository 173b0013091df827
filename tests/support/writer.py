"""The measuring client of `bench/writer` against a stack."""

from __future__ import annotations

import json
import signal
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from bench.client import build_writer
from tests.support.etcd_stack import LAYOUT, EtcdStack


@cache
def binary() -> Path:
    """Builds it; Go keeps what has not changed."""
    folder = LAYOUT.home / "bench"
    folder.mkdir(exist_ok=True)
    return build_writer(folder)


class Writer:
    """Writes 200 times a second until `report` is asked for."""

    def __init__(self, stack: EtcdStack) -> None:
        flags = [flag.removeprefix("-") for flag in stack.client_files()]
        self.process = subprocess.Popen(
            [binary(), *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr
        # Its first line names its prefix: it has connected.
        self.process.stderr.readline()

    def report(self) -> dict[str, Any]:
        """Stops writing, reads everything back."""
        self.process.send_signal(signal.SIGTERM)
        stdout, stderr = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, stderr
        report: dict[str, Any] = json.loads(stdout)
        return report

    def stop(self) -> None:
        """Ends it, wanted or not."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
