"""The journey of a cluster on hosts: systemd and OpenRC, three kinds of login, one firewall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lab.aws import Aws
from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_spec, host_stack, node_of
from lab.operations.changes import Change
from tests.journeys.machines import Machines
from tests.journeys.protocol import FIRST_VERSION, NEXT_VERSION, Platform
from tests.journeys.steps import journey_steps

pytestmark = pytest.mark.slow

FOUNDERS = ("s1", "o1", "s2")
LOGINS: dict[str, dict[str, Any]] = {
    "s1": {},  # root
    "o1": {"user": "doer", "doas": True},
    "s2": {"user": "admin", "sudo": True},
    "s3": {"user": "admin", "sudo": True},
    "o2": {},
}
WALLED = "s2"  # which has a firewall at boot
OURS = ("etc/etcd", "var/lib/etcd", "var/lib/etcd-cluster", "var/log/etcd", "opt/etcd")


@dataclass
class HostFiles:
    """Where a host keeps what belongs to its node."""

    host: Host

    def __post_init__(self) -> None:
        self.name, self.address = self.host.name, self.host.address

    @property
    def data_parent(self) -> Path:
        return self.host.files() / "var/lib/etcd"

    @property
    def state(self) -> Path:
        return self.host.files() / "var/lib/etcd-cluster"

    @property
    def ours(self) -> Sequence[Path]:
        return [self.host.files() / folder for folder in OURS]

    def logs(self) -> str:
        written = (self.host.files() / "var/log/etcd").glob("*.log")
        own = "".join(path.read_text(errors="replace") for path in written)
        return own + self.host.journal() + self.host.console()

    def pids(self) -> list[int]:
        return self.host.pids()


class MixedHosts(Machines):
    """A machine that dies is off for good; power that is cut comes back by itself."""

    name = "hosts"

    def __init__(self, hosts: Hosts, aws: Aws, folder: Path) -> None:
        systemd = hosts.start("s1", "s2", "s3")
        openrc = hosts.start("o1", "o2", image="openrc", userland="busybox")
        self._hosts = {host.name: host for host in (*systemd, *openrc)}
        self._clients = f"{hosts.network.controller}/32"
        nodes = {name: self._node(name) for name in LOGINS}
        stack = host_stack(
            folder,
            [self._hosts[name] for name in FOUNDERS],
            secrets=aws.secrets,
            version=FIRST_VERSION,
            nodes={name: nodes[name] for name in FOUNDERS},
        )
        super().__init__(stack, [HostFiles(host) for host in self._hosts.values()], nodes)

    def upgrade(self) -> Change:
        install = host_spec(self._hosts.values(), version=NEXT_VERSION)["install"]
        return {"version": NEXT_VERSION, "install": install}

    def cut_power(self) -> None:
        """Those that died stay off."""
        members = [self._hosts[name] for name in self.stack.spec["nodes"]]
        for host in members:
            host.power_off()
        for host in members:
            host.power_on()
        for host in members:
            host.wait_ready()

    def visits(self) -> dict[str, int]:
        return {name: host.sessions() for name, host in self._hosts.items()}

    def remove(self) -> None:
        """Hosts go with all that is on them."""

    def _node(self, name: str) -> dict[str, Any]:
        """What the stack file says of the machine as it is now."""
        walled = {"firewall": {"backend": "nftables", "clients": [self._clients]}}
        node = {**node_of(self._hosts[name]), "ssh": LOGINS[name]}
        return {**node, **(walled if name == WALLED else {})}

    def _die(self, name: str) -> None:
        self._hosts[name].power_off()

    def _set_up_anew(self, name: str) -> None:
        host = self._hosts[name]
        host.wipe()
        host.power_on()
        host.wait_ready()
        self._nodes[name] = self._node(name)


@pytest.fixture(scope="module")
def platform(hosts: Hosts, aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return MixedHosts(hosts, aws, tmp_path_factory.mktemp("mixed"))


# Members restart for a flag as for the first step of a rotation, which comes soon after it.
test_a_cluster_lives_through = journey_steps("hosts", in_soak={"flag"})
