"""What an apiserver can stand on: a cluster of this project, with members that fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from lab.hosts.host import Host
from lab.hosts.machine import until
from lab.kubernetes.lab import Lab
from lab.stack import EtcdStack

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


class InPods:
    """Members as pods of a lab, in a namespace."""

    def __init__(self, lab: Lab, namespace: str) -> None:
        self._lab, self._namespace = lab, namespace

    def switch_off(self, member: str) -> None:
        self._kubectl("scale", f"statefulset/{member}", "--replicas=0")
        self._kubectl("delete", "pod", f"{member}-0", "--force", "--ignore-not-found")

    def switch_on(self, member: str) -> None:
        self._kubectl("scale", f"statefulset/{member}", "--replicas=1")

    def restart(self, member: str) -> None:
        self._kubectl("delete", "pod", f"{member}-0")

    def _kubectl(self, *words: str) -> None:
        self._lab.kubectl("-n", self._namespace, *words).ok()


class BackingCluster:
    """A stack's cluster, seen by its operator, who is `among` those who reach it."""

    def __init__(
        self, stack: EtcdStack, place: Place, among: Sequence[str] = (), nameserver: str = ""
    ) -> None:
        self.stack, self.place, self.nameserver = stack, place, nameserver
        self._among = among

    def leader(self) -> str:
        """Whose member leads."""
        told = json.loads(self.etcdctl("endpoint", "status", "--write-out=json").stdout)
        (leads,) = (
            each["Endpoint"]
            for each in told
            if each["Status"]["leader"] == each["Status"]["header"]["member_id"]
        )
        members: dict[str, dict[str, str]] = self.stack.outputs()["members"]
        return next(name for name, member in members.items() if member["client_url"] == leads)

    def wait_healthy(self) -> None:
        """Until every member answers a read."""

        def asked() -> subprocess.CompletedProcess[str]:
            return self.etcdctl("endpoint", "health")

        until(lambda: asked().returncode == 0, HEALTHY_LIMIT_S, lambda: asked().stderr)

    def etcdctl(self, *words: str) -> subprocess.CompletedProcess[str]:
        """With what the outputs say."""
        return subprocess.run(
            [*self._among, "etcdctl", *self.stack.client_files(), *words],
            env=self.stack.environment,
            capture_output=True,
            text=True,
            check=False,
        )
