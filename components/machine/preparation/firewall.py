"""Who reaches a node's ports: the other members, the named client networks, the node itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import get_args

from components.machine.preparation.step import PreparationStep
from components.member.member import Member
from components.spec.models.machine import Backend

# What every backend takes as the name of something of ours; firewalld's policies have the shortest.
NAME_MAX = 17


def step(member: Member) -> PreparationStep | None:
    """For every machine of its own. One without a firewall has a step too: it ends the rules that
    an earlier stack file asked for."""
    if not member.node.own_machine:
        return None
    firewall = member.node.firewall
    facts: dict[str, str] = {"firewall": firewall.backend}
    if firewall.clients:
        facts["firewall_clients"] = ",".join(firewall.clients)
    name, *others = sorted(get_args(Backend), key=lambda backend: backend != firewall.backend)
    return PreparationStep(
        f"firewall_{name}", _settings(member), facts, tuple(f"firewall_{o}" for o in others)
    )


def _settings(member: Member) -> dict[str, str]:
    """Members reach every port (scripts ask each other's client port too), clients all but the
    peer port."""
    node = member.node
    metrics = [] if node.metrics is None else [node.metrics.port]
    ipv4, ipv6 = _by_family(node.firewall.clients)
    return {
        "firewall_name": rule_name(member.cluster.name),
        "firewall_ports": ",".join(map(str, [node.client_port, node.peer_port, *metrics])),
        "firewall_client_ports": ",".join(map(str, [node.client_port, *metrics])),
        **_sources("peers", _by_family(other.address for other in member.others)),
        **_sources("clients", (collapse_addresses(ipv4), collapse_addresses(ipv6))),
    }


def _by_family(addresses: Iterable[str]) -> tuple[list[IPv4Network], list[IPv6Network]]:
    networks = [ip_network(address) for address in addresses]
    return (
        [net for net in networks if isinstance(net, IPv4Network)],
        [net for net in networks if isinstance(net, IPv6Network)],
    )


def _sources(who: str, families: Iterable[Iterable[object]]) -> dict[str, str]:
    """None lies in another, which nftables refuses in one set."""
    ipv4, ipv6 = families
    return {
        f"firewall_{who}_ipv4": ",".join(map(str, ipv4)),
        f"firewall_{who}_ipv6": ",".join(map(str, ipv6)),
    }


def rule_name(cluster: str) -> str:
    """What rules are known by on a machine, where those of another cluster may lie beside them."""
    name = f"etcd-{cluster}"
    if len(name) <= NAME_MAX:
        return name
    return f"{name[:10]}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
