"""A cluster that lives on while its stack file changes, and the client that writes to it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from lab.client.beside import binary
from lab.client.client import Client
from lab.hosts.cluster import ClusterOnHosts
from lab.hosts.host import Host
from lab.hosts.stack import node_of
from lab.stack import EtcdStack


class LivingCluster(ClusterOnHosts):
    """`hosts` are those of its members; of all `machines`, `away` are the ones that the stack file
    says are out of reach, `spares` those that it does not name. `founded_s`: how long its first
    `up` took."""

    def __init__(self, stack: EtcdStack, machines: Sequence[Host]) -> None:
        super().__init__(stack, ())
        began_s = time.monotonic()
        stack.up().ok()
        self.founded_s = time.monotonic() - began_s
        self.machines = machines
        self.folder = stack.folder / "client"
        self.client = Client(binary(), self.folder, stack.outputs())
        self.change()

    def change(self, **changes: Any) -> None:
        """Writes it into the stack file."""
        nodes = self.stack.change(**changes).spec["nodes"]
        named = [machine for machine in self.machines if machine.name in nodes]
        self.hosts = [host for host in named if nodes[host.name].get("reachable", True)]
        self.away = [host for host in named if host not in self.hosts]
        self.spares = [machine for machine in self.machines if machine not in named]

    def nodes(self, *, come: Sequence[Host] = (), go: Sequence[Host] = ()) -> dict[str, Any]:
        """What the stack file would say when these have come and gone; a machine that was set up
        anew comes too."""
        gone = [host.name for host in go]
        nodes = {**self.stack.spec["nodes"], **{host.name: node_of(host) for host in come}}
        return {name: node for name, node in nodes.items() if name not in gone}

    def follow(self) -> None:
        """The client goes by what the stack says now."""
        self.client.follow(self.stack.outputs())

    def assert_whole(self) -> None:
        """The members are those of the stack file; each votes and answers a read. One that is away
        may still be listed: it leaves when it is in the way of another."""
        self.wait_healthy()
        listed = json.loads(self.etcdctl("member", "list", "--write-out=json"))["members"]
        found = sorted((member["name"], member.get("isLearner", False)) for member in listed)
        away = {host.name for host in self.away}
        assert [member for member in found if member[0] not in away] == [
            (host.name, False) for host in self.hosts
        ]

    @property
    def _identity(self) -> list[str]:
        """The client's own: it changes with every renewal."""
        return [f"--{name}={self.folder / name}" for name in ("cacert", "cert", "key")]
