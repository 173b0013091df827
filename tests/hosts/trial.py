"""An `up` that fails: what a person reads, and what it leaves on the hosts."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import Any

from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.stack import node_of
from lab.ops_run import ops
from lab.stack import EtcdStack

STATE = "/var/lib/etcd-cluster"
# A lock that runs wait for each other by; it says nothing of the node.
LOCK = {STATE, f"{STATE}/lock"}
# What a host writes by itself, and folders whose only change is an entry.
_OF_THE_HOST = ("/var/log/", "/var/cache/", "/var/lib/systemd/", "/var/lib/sudo/")
_ABOVE = {"", "/var", "/var/lib", "/var/log", "/var/tmp", "/stamp"}


class Footprint:
    """What of a host has changed since this was made."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._stamp = host.files() / "stamp"
        self._stamp.touch()
        self._rules = self._firewall()

    def changed(self) -> set[str]:
        """Every path on its disk that was written, made, or given another owner or mode."""
        root = str(self._host.files())
        found = _output("find", root, "-xdev", "-cnewer", str(self._stamp)).splitlines()
        paths = {path.removeprefix(root) for path in found} - _ABOVE
        return {path for path in paths if not path.startswith(_OF_THE_HOST)}

    def check(self, *also: str) -> None:
        """Nothing but the lock (and `also`); no process, no rule, nothing kept in memory."""
        left = self.changed() - {*LOCK, *also}
        assert not left, f"{self._host.name}: {left}"
        assert self._host.inside("pidof etcd").stdout == ""
        assert self._host.inside("find /run /tmp /dev/shm -name '*etcd*'").stdout == ""
        assert self._firewall() == self._rules

    def _firewall(self) -> str:
        """The rules of its network, by this machine's tool."""
        leader = self._host.leader()
        return _output("nsenter", f"--target={leader}", "--net", "nft", "list", "ruleset")


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@dataclass
class Trial:
    """A stack whose first `up` has not yet succeeded, on two hosts with systemd and one with
    OpenRC and busybox."""

    hosts: Hosts
    stack: EtcdStack
    machines: list[Host]

    def write(self, **nodes: dict[str, Any]) -> None:
        """The stack file, with that said of these nodes on top of what is right."""
        said = {host.name: {**node_of(host), **nodes.get(host.name, {})} for host in self.machines}
        self.stack.change(nodes=said)

    def refused(self, *left: str, among: tuple[Host, ...] = ()) -> str:
        """What a person reads of a `python -m ops up` that fails and leaves nothing but `left` on
        any host, or on those `among` them."""
        footprints = [Footprint(host) for host in among or self.machines]
        shown = ops(self.stack, "up")
        assert shown.status == 1, shown
        assert "Traceback" not in shown.stderr
        for footprint in footprints:
            footprint.check(*left)
        return shown.stderr

    def refused_by_the_engine(self) -> str:
        """The same of `pulumi up`, which cuts nothing."""
        footprints = [Footprint(host) for host in self.machines]
        done = self.stack.up()
        assert done.status != 0, done
        for footprint in footprints:
            footprint.check()
        return done.output
