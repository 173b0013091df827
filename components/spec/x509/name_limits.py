"""Alternative names and name constraints of certificates, as Go reads and compares them."""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from components.spec.x509 import uri
from components.spec.x509.der import HELD, SEQUENCE, Element, Reader, UnreadableError

_KINDS = {1: "e-mail address", 2: "DNS name", 6: "URI", 7: "IP address"}
EMAIL, DNS, URI, IP = _KINDS
_TAG_KINDS = {0x80 | kind: kind for kind in _KINDS}
_ADDRESS_LENGTHS = (4, 16)
_MAILBOX = re.compile(
    r"(\"(?P<quoted>[^\"\\]*)\"|(?P<plain>[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+))@(?P<domain>.*)", re.S
)


class Name(NamedTuple):
    """An alternative name, or what constraints say of names of its kind."""

    kind: int
    text: str
    raw: bytes = b""

    @property
    def words(self) -> str:
        """For people."""
        return f"{_KINDS[self.kind]} {self.text}"


class Limits(NamedTuple):
    """The name constraints of one certificate; `unknown` if some are of a kind that Go ignores."""

    permitted: tuple[Name, ...]
    excluded: tuple[Name, ...]
    unknown: bool


def name_of(text: str) -> Name:
    """As it will stand in a certificate."""
    try:
        return Name(IP, text, ipaddress.ip_address(text).packed)
    except ValueError:
        return Name(DNS, text)


def alternative_names(value: bytes) -> tuple[Name, ...]:
    """Of the kinds that Go knows."""
    reader, found = Reader(value).inner(SEQUENCE), []
    while reader:
        part = reader.element()
        if part.tag in _TAG_KINDS:
            found.append(_alternative(part))
    return tuple(found)


def limits_of(value: bytes) -> Limits:
    """What the extension says."""
    whole = Reader(value)
    reader = whole.inner(SEQUENCE)
    permitted, excluded = (reader.optional(HELD | side) or b"" for side in (0, 1))
    if whole or reader or not permitted + excluded:
        raise UnreadableError("its name constraints are malformed or empty")
    allowed, denied = _bases(permitted), _bases(excluded)
    return Limits(
        tuple(_constraint(base) for base in allowed if base.tag in _TAG_KINDS),
        tuple(_constraint(base) for base in denied if base.tag in _TAG_KINDS),
        any(base.tag not in _TAG_KINDS for base in allowed + denied),
    )


def _bases(trees: bytes) -> list[Element]:
    """What each tree begins with; Go reads no further."""
    reader, found = Reader(trees), []
    while reader:
        found.append(reader.inner(SEQUENCE).element())
    return found


def refusal(name: Name, limits: Limits) -> str:
    """`excludes` or `does not permit`, if the limits refuse the name; empty otherwise."""
    permitted = [each for each in limits.permitted if each.kind == name.kind]
    if permitted and not _is_permitted(name, permitted):
        return "does not permit"
    excluded = [each for each in limits.excluded if each.kind == name.kind]
    if any(_lies_in(name, each) or _may_lie_in(name, each) for each in excluded):
        return "excludes"
    return ""


def comparable(names: Sequence[Name]) -> Iterator[Name]:
    """The names as they are compared with constraints; raises for one that cannot be."""
    for name in names:
        if name.kind == IP:
            yield name
            continue
        domain = _domain(name)
        if domain is None or not _is_domain(domain, constraint=False):
            raise UnreadableError(f"its {name.words} cannot be compared with name constraints")
        yield name


def _domain(name: Name) -> str | None:
    """What constraints of domains are compared with; None if there is nothing."""
    if name.kind == DNS:
        return name.text
    if name.kind == EMAIL:
        return _mailbox(name.text)[1] if _mailbox(name.text) else None
    host = uri.host(name.text).lower()
    bare = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    return bare if bare and not bare.startswith("[") and name_of(bare).kind == DNS else None


def _mailbox(text: str) -> tuple[str, ...]:
    """Local part and domain; nothing if it has no such form."""
    found = _MAILBOX.fullmatch(text)
    if not found or not _is_domain(found["domain"], constraint=False):
        return ()
    local = found["plain"] or ""
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return ()
    return local or found["quoted"], found["domain"].lower()


def _is_domain(text: str, *, constraint: bool) -> bool:
    if not text:
        return True
    plain = text[1:] if constraint and text[0] == "." else text
    return all(plain.split(".")) and all(33 <= ord(each) <= 126 for each in text)  # noqa: PLR2004 (printable)


def _ascii(part: Element) -> str:
    try:
        return part.content.decode("ascii")
    except UnicodeDecodeError:
        raise UnreadableError("one of its names is malformed") from None


def _alternative(part: Element) -> Name:
    kind = _TAG_KINDS[part.tag]
    if kind == IP:
        if len(part.content) not in _ADDRESS_LENGTHS:
            raise UnreadableError("one of its IP addresses is malformed")
        return Name(kind, str(ipaddress.ip_address(part.content)), part.content)
    text = _ascii(part)
    if kind == URI and not (uri.is_uri(text) and _is_domain(uri.host(text), constraint=False)):
        raise UnreadableError("one of its URIs is malformed")
    return Name(kind, text)


def _constraint(base: Element) -> Name:
    kind = _TAG_KINDS[base.tag]
    if kind == IP:
        return Name(kind, "", _network(base.content))
    text = _ascii(base)
    if kind == EMAIL and "@" in text:
        fine = bool(_mailbox(text))
    else:
        fine = _is_domain(text, constraint=True) and not (kind == URI and name_of(text).kind == IP)
    if not fine:
        raise UnreadableError("one of its name constraints is malformed")
    return Name(kind, text)


def _network(content: bytes) -> bytes:
    mask = content[len(content) // 2 :]
    bits = "".join(f"{byte:08b}" for byte in mask)
    if len(mask) not in _ADDRESS_LENGTHS or len(content) % 2 or "01" in bits:
        raise UnreadableError("one of its name constraints is no network")
    return content


def _is_permitted(name: Name, trees: Sequence[Name]) -> bool:
    if name.kind == IP:
        return _is_found(name.raw, [tree.raw for tree in trees])
    return any(_lies_in(name, tree) for tree in trees)


def _is_found(address: bytes, networks: Sequence[bytes]) -> bool:
    """As Go looks since 1.26: only at the network that begins nearest below the address. It may
    overlook one that is written with bits of a host; earlier versions look at each."""
    kept: list[bytes] = []
    for network in sorted(each for each in networks if len(each) == 2 * len(address)):
        if not kept or not _holds(kept[-1], network):
            kept.append(network)
    place = bisect_right([network[: len(address)] for network in kept], address)
    return bool(kept) and _is_in_network(address, kept[max(place - 1, 0)])


def _holds(network: bytes, other: bytes) -> bool:
    half = len(other) // 2
    last = bytes(byte | mask ^ 0xFF for byte, mask in zip(other, other[half:], strict=False))
    return _is_in_network(other[:half], network) and _is_in_network(last, network)


def _lies_in(name: Name, tree: Name) -> bool:
    if name.kind == IP:
        return _is_in_network(name.raw, tree.raw)
    if name.kind == EMAIL and "@" in tree.text:
        return _mailbox(name.text) == _mailbox(tree.text)
    domain, limit = (_domain(name) or "").lower(), tree.text.lower()
    if not limit or domain == limit:
        return True
    return domain.endswith(limit if limit.startswith(".") else f".{limit}")


def _may_lie_in(name: Name, tree: Name) -> bool:
    """A wildcard may stand for a name in the tree."""
    parent = tree.text.lower().partition(".")[2]
    return (
        name.kind != IP
        and name.text.startswith("*")
        and bool(parent)
        and name.text.lower().partition(".")[2] == parent
    )


def _is_in_network(address: bytes, network: bytes) -> bool:
    if len(network) != 2 * len(address):
        return False
    pairs = zip(address, network[: len(address)], network[len(address) :], strict=True)
    return all((one ^ other) & mask == 0 for one, other, mask in pairs)
