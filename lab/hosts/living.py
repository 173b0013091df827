"""A cluster that lives on while its stack file changes, and the client that writes to it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lab.client.beside import binary
from lab.client.client import Client, write_identity
from lab.hosts.cluster import ClusterOnHosts
from lab.hosts.host import Host
from lab.hosts.stack import host_spec, node_of
from lab.stack import EtcdStack
from lab.watchers.onlooker import Onlooker

NOTICED_S = 12  # from a power cut until etcd counts the member as gone, with room


class LivingCluster(ClusterOnHosts):
    """`hosts` are those of its members; of all `machines`, `away` are the ones that the stack file
    says are out of reach. `founded_s`: how long its first `up` took. `choose` picks one of several
    members, by default the last."""

    def __init__(
        self,
        stack: EtcdStack,
        machines: Sequence[Host],
        choose: Callable[[Sequence[str]], str] = lambda names: names[-1],
    ) -> None:
        super().__init__(stack, ())
        began_s = time.monotonic()
        stack.up().ok()
        self.founded_s = time.monotonic() - began_s
        self.machines = machines
        self.folder = stack.folder / "client"
        self.pick = choose
        write_identity(self.folder, stack.outputs())
        self.change()

    def change(self, **changes: Any) -> None:
        """Writes it into the stack file."""
        nodes = self.stack.change(**changes).spec["nodes"]
        named = [machine for machine in self.machines if machine.name in nodes]
        self.hosts = [host for host in named if nodes[host.name].get("reachable", True)]
        self.away = [host for host in named if host not in self.hosts]

    def client(self) -> Client:
        """Writing from now on."""
        return Client(binary(), self.folder, self.stack.outputs())

    def watcher(self) -> Onlooker:
        """Of all machines."""
        return Onlooker(self.machines, self.folder)

    def spare_nodes(self) -> dict[str, Any]:
        """Of machines that the stack file does not name."""
        nodes = self.stack.spec["nodes"]
        return {host.name: node_of(host) for host in self.machines if host.name not in nodes}

    def leader_name(self) -> str:
        """Whose member leads."""
        return self.leader().name

    def release(self, version: str) -> Mapping[str, Any]:
        """With the binaries at hand on this machine."""
        install = host_spec(self.hosts, version=version)["install"]
        return {"version": version, "install": install}

    def lose(self, name: str) -> None:
        """Off; returns when etcd counts the member as gone."""
        lost = self._machine(name)
        lost.power_off()
        self._wait_without(lost)
        time.sleep(NOTICED_S)

    def set_up_anew(self, name: str) -> dict[str, Any]:
        """With an empty disk, under its old name and address."""
        machine = self._machine(name)
        machine.wipe()
        machine.power_on()
        machine.wait_ready()
        self._wait_without(machine)
        return node_of(machine)

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

    def _machine(self, name: str) -> Host:
        return next(host for host in self.machines if host.name == name)

    def _wait_without(self, lost: Host) -> None:
        self.wait_healthy(*(host for host in self.hosts if host is not lost))

    @property
    def _identity(self) -> list[str]:
        """The client's own: it changes with every renewal."""
        return [f"--{name}={self.folder / name}" for name in ("cacert", "cert", "key")]
