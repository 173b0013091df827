"""Listening sockets as /proc/net/tcp spells them."""

from __future__ import annotations

from ipaddress import ip_address


def socket_forms(address: str, port: int) -> str:
    """Every spelling under which a listener may hold address:port, joined by slashes.

    The kernel prints each 32-bit word in its own byte order; both orders are given, as the node's
    is not known. A listener on all addresses holds the port too.
    """
    packed = [ip_address(address).packed, bytes(4), bytes(16)]
    forms = {f"{_words(raw, order)}:{port:04X}" for raw in packed for order in ("little", "big")}
    return "/".join(sorted(forms))


def _words(raw: bytes, order: str) -> str:
    words = [raw[at : at + 4] for at in range(0, len(raw), 4)]
    return "".join((word[::-1] if order == "little" else word).hex().upper() for word in words)
