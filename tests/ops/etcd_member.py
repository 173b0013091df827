"""One real etcd member without TLS on a free loopback port, for tests that break it."""

from __future__ import annotations

import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from lab.loopback import own_port

PROJECT = Path(__file__).resolve().parents[2]
BINARIES = PROJECT / ".toolchain" / "etcd" / "3.6.16"
ADDRESS = "127.0.0.1"


class Member:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"http://{ADDRESS}:{own_port()}"
        self.peer_url = f"http://{ADDRESS}:{own_port()}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                BINARIES / "etcd",
                "--name=one",
                f"--data-dir={self.folder}/data",
                f"--listen-client-urls={self.url}",
                f"--advertise-client-urls={self.url}",
                f"--listen-peer-urls={self.peer_url}",
                f"--initial-advertise-peer-urls={self.peer_url}",
                f"--initial-cluster=one={self.peer_url}",
                "--log-level=error",
                "--unsafe-no-fsync",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_until_healthy(timeout_s=20)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(with_signal)
            self.process.wait(timeout=20)
            self.process = None

    def etcdctl(self, *args: str) -> str:
        command = [BINARIES / "etcdctl", f"--endpoints={self.url}", *args]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _wait_until_healthy(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise TimeoutError(f"{self.url} was not healthy within {timeout_s} s")
