"""A cluster on real hosts as its clients and an onlooker see it: nobody logs in."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Protocol

from lab.hosts.host import Host
from lab.hosts.machine import until
from lab.stack import EtcdStack, started_at

CLIENT_PORT = 2379
HEALTHY_LIMIT_S = 45.0


class Watched(Protocol):
    """A member's machine, as far as an onlooker has to know it."""

    name: str
    address: str

    def pids(self) -> list[int]:
        """Processes of it as this machine knows them, its etcd among them."""
        ...


class ClusterOnHosts:
    """`hosts` in the order of the stack file."""

    def __init__(self, stack: EtcdStack, hosts: Sequence[Host]) -> None:
        self.stack, self.hosts = stack, hosts

    def runs(self) -> list[tuple[int, int]]:
        """Each member's process and when it began: the same pair is the same run."""
        return [run_of(host) for host in self.hosts]

    def etcdctl(self, *arguments: str, hosts: Sequence[Host] = ()) -> str:
        """What the cluster answers to a client that knows these hosts, or all of them."""
        asked = self._etcdctl(*arguments, hosts=hosts)
        assert asked.returncode == 0, asked.stdout + asked.stderr
        return asked.stdout

    def wait_healthy(self, *hosts: Host) -> None:
        """Until each of these hosts, or of all, answers a read."""
        until(
            lambda: self._etcdctl("endpoint", "health", hosts=hosts).returncode == 0,
            HEALTHY_LIMIT_S,
            lambda: self._etcdctl("endpoint", "health").stderr,
        )

    def leader(self) -> Host:
        """Whose member leads."""
        told = json.loads(self.etcdctl("endpoint", "status", "--write-out=json"))
        (leads,) = (
            each["Endpoint"]
            for each in told
            if each["Status"]["leader"] == each["Status"]["header"]["member_id"]
        )
        return next(host for host in self.hosts if leads == _endpoint(host))

    @cached_property
    def _identity(self) -> list[str]:
        _, *identity = self.stack.client_files()
        return identity

    def _etcdctl(
        self, *arguments: str, hosts: Sequence[Host] = ()
    ) -> subprocess.CompletedProcess[str]:
        endpoints = ",".join(map(_endpoint, hosts or self.hosts))
        return subprocess.run(
            ["etcdctl", f"--endpoints={endpoints}", *self._identity, *arguments],
            env=self.stack.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def run_of(host: Watched) -> tuple[int, int]:
    """Number and start of its etcd as this machine knows them; zeros if there is none."""
    for pid in host.pids():
        with suppress(OSError):  # it may end meanwhile
            if _is_member(pid):
                return pid, started_at(pid)
    return 0, 0


def _is_member(pid: int) -> bool:
    """Not one that is only asked for its version, nor one that is started for a moment beside the
    member; nor one that has ended and is not yet buried, which has no command line any more."""
    process = Path(f"/proc/{pid}")
    command = process.joinpath("cmdline").read_bytes()
    # Not by its `comm`, which OpenRC's script of that name has too.
    program = command.partition(b"\0")[0]
    is_etcd = program.endswith(b"/etcd") and b"/rehearsal/" not in program
    return is_etcd and b"\0--version\0" not in command


def _endpoint(host: Host) -> str:
    return f"https://{host.address}:{CLIENT_PORT}"
