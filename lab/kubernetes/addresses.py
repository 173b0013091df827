"""Who has which address in a lab. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

API_PORT = 6443
DOMAIN = "cluster.local"
# Known inside nodes and pods alone, so that labs beside each other may have the same.
SERVICES = "10.96.0.0/16"
API_SERVICE = "10.96.0.1"
# The other half of the range of lab/hosts/network.py: RFC 2544 has 198.18.0.0/15.
PODS_OF_ALL_LABS = IPv4Network("198.19.0.0/16")


@dataclass(frozen=True)
class Addresses:
    """The lab's /24 has the control plane as .1 and nodes from .11 on; its pods have another."""

    subnet: IPv4Network

    @property
    def controller(self) -> str:
        """Where apiserver, etcd and DNS are: this machine's end of the lab's bridge."""
        return str(self.subnet[1])

    @property
    def server(self) -> str:
        """The apiserver's URL."""
        return f"https://{self.controller}:{API_PORT}"

    @property
    def pods(self) -> IPv4Network:
        """All pods of this lab."""
        number = self.subnet.network_address.packed[2]
        return list(PODS_OF_ALL_LABS.subnets(new_prefix=24))[number]

    def pods_of(self, number: int) -> IPv4Network:
        """Pods of one node: 29 of them, on at most eight nodes."""
        return list(self.pods.subnets(new_prefix=27))[number]

    def hardware(self, number: int) -> str:
        """A node's, the same after each boot: others remember it for a while."""
        *_, third, _ = self.subnet.network_address.packed
        return f"02:00:c6:12:{third:02x}:{11 + number:02x}"

    def controller_hardware(self) -> str:
        """A bridge without one of its own takes that of its ports, as these come and go."""
        *_, third, _ = self.subnet.network_address.packed
        return f"02:00:c6:12:{third:02x}:01"
