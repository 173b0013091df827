"""The names in a certificate: pure functions from a node's address and extra names."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from components.spec.values.names import LOOPBACK, check_san, is_loopback


@dataclass(frozen=True)
class Sans:
    """Subject alternative names, sorted: the tls plugin replaces a certificate on a new order."""

    dns_names: tuple[str, ...] = ()
    ip_addresses: tuple[str, ...] = ()


def server_sans(address: str, names: Sequence[str], service_names: Sequence[str] = ()) -> Sans:
    """What clients dial: the node's address, its extra names, those of its services, and loopback
    for tools on the node.

    Raises ValueError for a name no client would accept, such as "" or "*" (document 000).
    """
    return _sans([address, *names, *service_names, *LOOPBACK])


def peer_sans(address: str, _names: Sequence[str] = (), service_names: Sequence[str] = ()) -> Sans:
    """Where a member is dialled and dials from: etcd holds both against the peer's certificate.

    A connection between two addresses of 127.0.0.0/8 leaves from 127.0.0.1, so members on such
    addresses need that one too. Elsewhere it would let any process on a member's host pass.

    A pod is known by names: its own, which etcd looks up to compare its address, and wildcards.
    """
    if is_loopback(address) and ":" not in address:
        return _sans([address, "127.0.0.1"])
    return _sans([address, *service_names])


def no_sans(
    _address: str = "", _names: Sequence[str] = (), _service_names: Sequence[str] = ()
) -> Sans:
    """Clients and authorities are known by their subject."""
    return Sans()


def _sans(names: Iterable[str]) -> Sans:
    dns_names: set[str] = set()
    ip_addresses: set[str] = set()
    for name in names:
        ip = _as_ip(name)
        if ip:
            ip_addresses.add(ip)
        else:
            dns_names.add(check_san(name).lower())
    return Sans(tuple(sorted(dns_names)), tuple(sorted(ip_addresses)))


def _as_ip(name: str) -> str | None:
    """The address as certificates hold it: short, IPv4 never in IPv6 form; None for a DNS name."""
    try:
        ip = ipaddress.ip_address(name)
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id:
            raise ValueError(f"{name}: a zone such as %{ip.scope_id} cannot stand in a certificate")
        return str(ip.ipv4_mapped or ip)
    return str(ip)
