"""Names and addresses: DNS labels, DNS names with wildcards, IP addresses to listen on."""

from __future__ import annotations

import ipaddress
import re

from components.spec.report.readable import LONGEST, is_readable
from components.spec.report.refuse import refuse

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_DNS_LABEL = re.compile(r"[A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?")
_NUMERIC = re.compile(r"[0-9.]+")
_EXAMPLE_IP = "10.0.0.11"
DNS_NAME_MAX = 253
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""What every server certificate names too, for tools on the node."""


def as_label(text: str) -> str:
    """The nearest DNS label to any text, for remedies; `etcd1` where there is none."""
    if not is_readable(text[:LONGEST]):
        return "etcd1"
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:63].strip("-") or "etcd1"


def is_label(value: str) -> bool:
    """Whether it is a DNS label (RFC 1123)."""
    return bool(_LABEL.fullmatch(value))


def check_label(value: str) -> str:
    """A DNS label: lower case letters, digits and dashes, at most 63 characters (RFC 1123)."""
    if not is_label(value):
        raise refuse(
            "is no DNS label: at most 63 lower case letters, digits and dashes, "
            "a letter or digit at both ends",
            example=as_label(value),
        )
    return value


def check_address(value: str) -> str:
    """An IP address that one node can listen on and the others can dial, in its short form."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        raise _no_address(value) from None
    reason = _unusable(address)
    if reason:
        raise refuse(reason, example=_EXAMPLE_IP)
    return str(address)


def _no_address(value: str) -> Exception:
    if "/" in value:
        return refuse("is a network or URL, not an address", example=_EXAMPLE_IP)
    if value.startswith("[") or re.fullmatch(r"[0-9.]+:[0-9]+", value):
        return refuse("has brackets or a port: those are added to it", example=_EXAMPLE_IP)
    if not _NUMERIC.fullmatch(value) and ":" not in value and is_dns_name(value):
        return refuse(
            "is a DNS name: etcd listens on IP addresses only",
            example=_EXAMPLE_IP,
            remedy=f"the node's IP address, such as {_EXAMPLE_IP}; put the name under `names`",
        )
    return refuse("is no IP address", example=_EXAMPLE_IP)


def _unusable(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Why no other member could reach this address; empty when they can."""
    if address.is_unspecified:
        return "stands for every address: other members cannot dial it, no certificate names it"
    if address.is_multicast:
        return "is a multicast address"
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id or address.is_link_local:
            return "is a link-local address: it means something else on every machine"
        if address.ipv4_mapped:
            return f"is an IPv4 address in IPv6 form: {address.ipv4_mapped} is meant"
    elif address.is_reserved:
        return "is a broadcast or reserved address"
    return ""


def is_dns_name(value: str) -> bool:
    """Labels of letters, digits, dashes and underscores between dots, 253 characters at most."""
    return len(value) <= DNS_NAME_MAX and all(
        _DNS_LABEL.fullmatch(label) for label in value.split(".")
    )


def check_host(value: str) -> str:
    """What an SSH client dials: an IP address or a DNS name, without user and port."""
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        pass
    if not is_dns_name(value) or _NUMERIC.fullmatch(value):
        raise refuse(
            "is neither an IP address nor a DNS name; user and port have fields of their own",
            example="etcd1.example.org",
        )
    return value


def check_san(value: str) -> str:
    """A further name for a server certificate: an IP address, a DNS name or `*.` and a DNS name.
    An IPv4 address in IPv6 form becomes the plain one: certificates hold no other.

    Document 000 warns of the empty name and the bare `*`: no client accepts either.
    """
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return _check_wildcard(value)
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        raise refuse(
            "has a zone, which no certificate can hold",
            example=str(address)[: -1 - len(address.scope_id)],
        )
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _check_wildcard(value: str) -> str:
    if value in {"", "*"}:
        raise refuse("stands for no host: clients refuse it", example="*.etcd.example.org")
    base = value.removeprefix("*.")
    if "*" in base:
        raise refuse("`*` may only be the whole first label", example="*.etcd.example.org")
    if not is_dns_name(base) or _NUMERIC.fullmatch(base):
        raise refuse("is neither a DNS name nor an IP address", example="etcd.example.org")
    return value


def url_host(address: str) -> str:
    """The address as it stands in a URL: IPv6 in brackets."""
    return f"[{address}]" if ":" in address else address


def check_line(value: str) -> str:
    """A text that stays on one line of an environment file, a unit or a subject."""
    if not value.isprintable():
        raise refuse("has a line break or another control character", remedy="one plain line")
    return value


def check_folder(value: str) -> str:
    """A folder by its own name, or relative to the project folder."""
    if not value.strip():
        raise refuse("is empty", example=".dev/nodes")
    if value.startswith("~"):
        raise refuse("starts with ~, which only a shell expands", example="/srv/etcd")
    return value


def is_loopback(address: str) -> bool:
    """Whether only the machine itself can reach an address; a DNS name is none."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
