"""One `up` of a stack, timed and counted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.memory import Peaks
from lab.hosts.host import Host
from lab.stack import EtcdStack


@dataclass(frozen=True)
class Up:
    """What it took. `sessions`: SSH logins of each host; bytes per host, both ways, with all that
    TCP and SSH add."""

    seconds: float
    sessions: list[int]
    sent_kb: float
    got_kb: float
    peaks_mib: dict[str, int]


@dataclass(frozen=True)
class Trial:
    """A stack and its hosts. Only this machine's own traffic passes the device `bridge`: what the
    members say to each other does not."""

    stack: EtcdStack
    hosts: Sequence[Host]
    bridge: str = ""

    def up(self, expected: str = "", **changes: Any) -> Up:
        """With these changes to the stack file. `expected`: the host for which it is to fail.
        RuntimeError if it ends in another way."""
        if changes:
            self.stack.change(**changes)
        sessions, (sent, got) = self._sessions(), self._traffic()
        started_s = time.monotonic()
        process = self.stack.start("up", "--yes", "--skip-preview", "--suppress-outputs")
        with Peaks(process) as peaks:
            output, _ = process.communicate()
        took_s = time.monotonic() - started_s
        if (process.returncode != 0) != bool(expected) or expected not in output:
            raise RuntimeError(output)
        sent_now, got_now = self._traffic()
        hosts = max(1, len(self.hosts))
        return Up(
            seconds=took_s,
            sessions=[now - then for now, then in zip(self._sessions(), sessions, strict=True)],
            sent_kb=(sent_now - sent) / hosts / 1000,
            got_kb=(got_now - got) / hosts / 1000,
            peaks_mib=peaks.mib(),
        )

    def _sessions(self) -> list[int]:
        return [host.sessions() for host in self.hosts]

    def _traffic(self) -> tuple[int, int]:
        """Bytes sent to the hosts and got from them so far."""
        if not self.bridge:
            return 0, 0
        counters = Path("/sys/class/net") / self.bridge / "statistics"
        sent, got = (int((counters / name).read_text()) for name in ("tx_bytes", "rx_bytes"))
        return sent, got
