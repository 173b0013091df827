"""Certificates in DER that say everything that Go reads, and what may be wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from components.spec.x509.der import OCTETS, UnreadableError, elements
from tests.spec.chains import Authority, chain, key_of

_CONSTRUCTED = 0x20
_TAGS = (
    *(0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1A, 0x1C),
    *(0x1E, 0x30, 0x31, 0x80, 0x81, 0x82, 0x86, 0x87, 0xA0, 0xA1, 0xA3),
)
_BYTES = (0, 1, 2, 0x20, 0x25, 0x2E, 0x30, 0x7F, 0x80, 0xFF)


@dataclass(frozen=True)
class Node:
    """An element: the bytes it holds, or whole elements. With `length` that is said of it."""

    tag: int
    content: bytes = b""
    parts: tuple[Node, ...] | None = None
    length: bytes | None = None

    @property
    def der(self) -> bytes:
        held = self.content if self.parts is None else b"".join(part.der for part in self.parts)
        return bytes([self.tag]) + (self.length or length(len(held))) + held


def length(count: int) -> bytes:
    """As short as it has to be."""
    if count < 0x80:
        return bytes([count])
    octets = count.to_bytes((count.bit_length() + 7) // 8)
    return bytes([0x80 | len(octets)]) + octets


def node_of(tag: int, content: bytes) -> Node:
    if tag & _CONSTRUCTED or tag == OCTETS:
        try:
            parts = tuple(node_of(*part) for part in elements(content))
        except UnreadableError:
            return Node(tag, content)
        if parts or tag != OCTETS:
            return Node(tag, parts=parts)
    return Node(tag, content)


def tree_of(der: bytes) -> Node:
    (whole,) = elements(der)
    return node_of(*whole)


def places(node: Node, at: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """The way to every element below."""
    for number, part in enumerate(node.parts or ()):
        yield (*at, number)
        yield from places(part, (*at, number))


def at(node: Node, place: tuple[int, ...]) -> Node:
    for number in place:
        node = (node.parts or ())[number]
    return node


def with_parts(node: Node, place: tuple[int, ...], *instead: Node) -> Node:
    """The tree with other elements at the place."""
    number, *rest = place
    parts = list(node.parts or ())
    parts[number : number + 1] = (
        [with_parts(parts[number], tuple(rest), *instead)] if rest else instead
    )
    return replace(node, parts=tuple(parts))


def _byte(random: Random, node: Node) -> list[Node]:
    """One of its bytes is another one, or gone, or one more."""
    content = bytearray(node.content if node.parts is None else node.der[2:])
    place = random.randrange(len(content) + 1)
    width = random.choice((0, 1, 1))
    new = random.choice((b"", bytes([random.choice(_BYTES)]), bytes([random.randrange(256)])))
    content[place : place + width] = new
    return [Node(node.tag, bytes(content))]


def _long_length(random: Random, node: Node) -> list[Node]:
    """Its length is another one, or written at greater length."""
    count = len(node.der) - 2
    other = random.choice((
        b"\x80", b"\x81" + bytes([count & 0x7F]), b"\x84" + count.to_bytes(4), length(count + 1),
        length(max(count - 1, 0)), b"\x85" + count.to_bytes(5),
    ))  # fmt: skip
    return [replace(node, length=other)]


def _other_flag(random: Random, node: Node) -> list[Node]:
    """Before the last of what it holds there is a Boolean, or another one."""
    parts = list(node.parts or ())
    held = bytes([random.choice((0, 1, 0x7F, 0xFF))]) * random.choice((1, 1, 1, 2))
    parts = [part for part in parts if part.tag != 1]
    parts.insert(max(len(parts) - 1, 0), Node(1, held))
    return [replace(node, parts=tuple(parts))] if node.parts is not None else [node]


DAMAGES: dict[str, Callable[[Random, Node], list[Node]]] = {
    "byte": _byte,
    "another byte": _byte,
    "length": _long_length,
    "twice": lambda _, node: [node, node],
    "missing": lambda _, __: [],
    "empty": lambda _, node: [Node(node.tag)],
    "tag": lambda random, node: [replace(node, tag=random.choice(_TAGS))],
    "flag": _other_flag,
    "padded": lambda random, node: [Node(node.tag, random.choice((b"\0", b"\xff")) + node.der[2:])],
    "followed": lambda random, node: [
        node,
        Node(random.choice(_TAGS), random.choice((b"", b"\1"))),
    ],
    "a bit more": lambda random, node: [
        Node(node.tag, node.content[:-1] + bytes([node.content[-1] | random.randrange(8)]))
        if node.parts is None and node.content
        else node
    ],
}


def damaged(random: Random, tree: Node) -> tuple[str, bytes]:
    """What was done, and what came of it."""
    done = []
    for _ in range(random.choice((1, 1, 1, 2))):
        every = list(places(tree))
        place = random.choice(every)
        kind = random.choice(list(DAMAGES))
        tree = with_parts(tree, place, *DAMAGES[kind](random, at(tree, place)))
        done.append(f"{kind} at {place}")
    return ", ".join(done), tree.der


@cache
def wholes() -> tuple[Node, ...]:
    """Certificates with every extension and every type of string."""
    made = (
        *chain(
            Authority(names=("DNS:a.org", "URI:https://u@a.org:8/x?y#%20", "email:a@b.org")),
            Authority(key="rsa", path_length=3, explicit_policy=5),
        ).certificates,
        _rich("p256"),
        _rich("rsa"),
        _rich("ed25519"),
    )
    return tuple(tree_of(each.public_bytes(Encoding.DER)) for each in made)


def sequence(*parts: Node) -> Node:
    return Node(0x30, parts=parts)


_POLICY, _OTHER_POLICY = Node(6, b"\x2a\x03\x04"), Node(6, b"\x2a\x03\x05")
_SERVER_AUTH = Node(6, bytes.fromhex("2b06010505070301"))
_OCSP = Node(6, bytes.fromhex("2b06010505073001"))
_URI = Node(0x86, b"http://a.org/")
# By identifier, all that Go reads.
EXTENSIONS = {
    "2.5.29.19": sequence(Node(1, b"\xff"), Node(2, b"\3")),
    "2.5.29.15": Node(3, b"\1\6"),
    "2.5.29.14": Node(4, b"\1\2"),
    "2.5.29.35": sequence(Node(0x80, b"\1\2"), Node(0x82, b"\1")),
    "2.5.29.17": sequence(
        Node(0x82, b"a.org"),
        Node(0x81, b"a@b.org"),
        Node(0x86, b"https://u:p@a.org:8/x?y#%20"),
        Node(0x87, b"\x0a\0\0\1"),
        Node(0xA4, parts=(sequence(),)),
    ),
    "2.5.29.30": sequence(
        Node(0xA0, parts=(sequence(Node(0x82, b".a.org")), sequence(Node(0x81, b"a@b.org")))),
        Node(
            0xA1,
            parts=(sequence(Node(0x87, b"\x0a\0\0\0\xff\0\0\0")), sequence(Node(0x86, b"a.net"))),
        ),
    ),
    "2.5.29.31": sequence(sequence(Node(0xA0, parts=(Node(0xA0, parts=(_URI, _URI)),)))),
    "2.5.29.32": sequence(sequence(_POLICY), sequence(_OTHER_POLICY, sequence())),
    "2.5.29.33": sequence(sequence(_POLICY, _OTHER_POLICY)),
    "2.5.29.36": sequence(Node(0x80, b"\5"), Node(0x81, b"\6")),
    "2.5.29.37": sequence(_SERVER_AUTH, _POLICY),
    "2.5.29.54": Node(2, b"\4"),
    "1.3.6.1.5.5.7.1.1": sequence(sequence(_OCSP, _URI), sequence(_OCSP, Node(0x82, b"a"))),
}


def _rich(kind: str) -> x509.Certificate:
    key, oid = key_of(kind), x509.ObjectIdentifier
    name = x509.Name([
        x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "DE"),
        x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Bäcker & Söhne"),
        x509.NameAttribute(x509.NameOID.DOMAIN_COMPONENT, "org"),
        x509.NameAttribute(x509.NameOID.COMMON_NAME, "Abc"),
    ])  # fmt: skip
    builder = x509.CertificateBuilder(name, name, key.public_key(), 77)
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2060, 1, 1, tzinfo=UTC))
    for dotted, value in EXTENSIONS.items():
        builder = builder.add_extension(
            x509.UnrecognizedExtension(oid(dotted), value.der), critical=False
        )
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, digest)
