"""What an apiserver can stand on: a cluster of this project, with members that fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tests.hosts.host import Host
from tests.hosts.machine import until
from tests.support.etcd_stack import EtcdStack

HEALTHY_LIMIT_S = 60


class Place(Protocol):
    """Where the members of a stack are, by their names."""

    def switch_off(self, member: str) -> None:
        """At once, as by the switch."""

    def switch_on(self, member: str) -> None:
        """As it was."""

    def restart(self, member: str) -> None:
        """In order, as whoever maintains its machine does it. Returns when it has ended."""


class ThisMachine:
    """Members as on the dev stack."""

    def __init__(self, stack: EtcdStack) -> None:
        self._stack = stack

    def switch_off(self, member: str) -> None:
        for kind in ("supervisord", "etcd"):
            pid = (self._stack.node_folder(member) / f"state/{kind}.pid").read_text()
            os.kill(int(pid), signal.SIGKILL)

    def switch_on(self, member: str) -> None:
        configuration = self._stack.node_folder(member) / "state/supervisord.conf"
        subprocess.run(
            ["supervisord", "--configuration", configuration],
            env=self._stack.environment,
            check=True,
            capture_output=True,
        )

    def restart(self, member: str) -> None:
        former = self._stack.pids()[member]
        os.kill(former, signal.SIGTERM)
        gone = Path(f"/proc/{former}")
        until(lambda: not gone.exists(), HEALTHY_LIMIT_S, lambda: f"{member} does not end")


class SshHosts:
    """Members on hosts with systemd."""

    def __init__(self, hosts: Mapping[str, Host]) -> None:
        self._hosts = hosts

    def switch_off(self, member: str) -> None:
        self._hosts[member].power_off()

    def switch_on(self, member: str) -> None:
        self._hosts[member].power_on()
        self._hosts[member].wait_ready()

    def restart(self, member: str) -> None:
        self._hosts[member].inside("systemctl restart etcd").ok()


class Beneath:
    """A stack's cluster, seen by its operator."""

    def __init__(self, stack: EtcdStack, place: Place) -> None:
        self.stack, self.place = stack, place

    def leader(self) -> str:
        """Whose member leads."""
        told = json.loads(self.stack.etcdctl("endpoint", "status", "--write-out=json"))
        (leads,) = (
            each["Endpoint"]
            for each in told
            if each["Status"]["leader"] == each["Status"]["header"]["member_id"]
        )
        members: dict[str, dict[str, str]] = self.stack.outputs()["members"]
        return next(name for name, member in members.items() if member["client_url"] == leads)

    def wait_healthy(self) -> None:
        """Until every member answers a read."""
        command = ["etcdctl", *self.stack.client_files(), "endpoint", "health"]

        def asked() -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                command, env=self.stack.environment, capture_output=True, text=True, check=False
            )

        until(lambda: asked().returncode == 0, HEALTHY_LIMIT_S, lambda: asked().stderr)
