"""The hosts' own network: a bridge on this machine, cut and healed by interface name."""

from __future__ import annotations

import json
import subprocess
from ipaddress import IPv4Network, ip_network

# Set aside for tests between devices (RFC 2544), so no real network is hidden by it.
RANGE = ip_network("198.18.0.0/16")


class Network:
    """A /24 with this machine as .1. `bridge` is also the name of its table of rules."""

    def __init__(self) -> None:
        self.bridge, self.subnet = _reserve()
        self.controller = str(self.subnet[1])
        self._cuts: set[str] = set()

    def address(self, number: int) -> str:
        """The one of the `number`th host, counted from 0."""
        return str(self.subnet[11 + number])

    def cut(self, interface: str, others: list[str], *, controller: bool) -> None:
        """No frame passes between it and the others, or any other if none is named; and none
        between it and this machine where `controller` is set."""
        pairs = [f'"{other}"' for other in others]
        for there, here in (("oifname", "iifname"), ("iifname", "oifname")):
            own = f'{here} "{interface}"'
            peers = f"{there} {{ {', '.join(pairs)} }} " if pairs else ""
            self._cuts.add(f"forward {own} {peers}drop")
        if controller:
            self._cuts |= _hidden(interface)
        self._apply()

    def hide(self, interface: str) -> None:
        """No frame passes between it and this machine; the others reach it."""
        self._cuts |= _hidden(interface)
        self._apply()

    def heal(self) -> None:
        """Everybody reaches everybody again."""
        self._cuts.clear()
        self._apply()

    def _apply(self) -> None:
        """All rules in one step."""
        table = f"table bridge {self.bridge}"
        chains = [
            f"add chain bridge {self.bridge} {hook} {{ type filter hook {hook} priority 0; }}"
            for hook in ("forward", "input", "output")
        ]
        rules = [f"add rule bridge {self.bridge} {cut}" for cut in sorted(self._cuts)]
        text = "\n".join([f"add {table}", f"delete {table}", f"add {table}", *chains, *rules])
        subprocess.run(["nft", "-f", "-"], input=text, text=True, check=True)


def _reserve() -> tuple[str, IPv4Network]:
    """A subnet that nobody uses. The kernel gives a bridge's name to one run alone."""
    for number, subnet in enumerate(RANGE.subnets(new_prefix=24)):
        assert isinstance(subnet, IPv4Network)
        bridge = f"etcdbr{number}"
        if not _in_use(subnet) and _ip("link", "add", bridge, "type", "bridge"):
            assert _ip("address", "add", f"{subnet[1]}/24", "dev", bridge)
            assert _ip("link", "set", bridge, "up")
            return bridge, subnet
    raise RuntimeError("no network is free")


def _in_use(subnet: IPv4Network) -> bool:
    answer = subprocess.run(["ip", "-j", "-4", "route"], capture_output=True, check=True).stdout
    routes = [route["dst"] for route in json.loads(answer) if route["dst"] != "default"]
    return any(subnet.overlaps(ip_network(route, strict=False)) for route in routes)


def _ip(*words: str) -> bool:
    return subprocess.run(["ip", *words], capture_output=True, check=False).returncode == 0


def _hidden(interface: str) -> set[str]:
    return {f'input iifname "{interface}" drop', f'output oifname "{interface}" drop'}
