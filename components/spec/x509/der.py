"""DER, as far as certificates and keys need it, read as Go's cryptobyte reads it.

An element is looked at when it is asked for: Go overlooks much of what stands behind. What cannot
be read raises UnreadableError.
"""

from __future__ import annotations

from typing import NamedTuple

BOOLEAN, INTEGER, BITS, OCTETS, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
SEQUENCE, SET = 0x30, 0x31
# Tags that depend on what they stand in: a number, with whole elements in it or not.
HELD, PLAIN = 0xA0, 0x80
# Tag and length take two bytes at least, a long length four more at most.
_SHORT_HEAD, _LONG_HEAD = 2, 6
# A tag of more than one byte, which certificates have none of; the least length in the long form.
_LONG_TAG, _LONG_LENGTH = 0x1F, 0x80
_MOST_UNUSED_BITS = 7
_INT64_OCTETS = 8
# Of one arc of an identifier.
_ARC_OCTETS, _MOST_ARC = 5, 2**31 - 1
_SECOND_ARCS, _FIRST_ARCS = 40, 80


class UnreadableError(ValueError):
    """Bytes that Go does not take; says why."""


class Element(NamedTuple):
    """One value: its tag and what it holds."""

    tag: int
    content: bytes

    @property
    def parts(self) -> list[Element]:
        """The elements that it holds."""
        return elements(self.content)


class Reader:
    """Takes elements off the front of bytes."""

    def __init__(self, data: bytes) -> None:
        self.left = data

    def __bool__(self) -> bool:
        """Whether anything is left."""
        return bool(self.left)

    def is_at(self, tag: int) -> bool:
        """Whether an element of that tag comes next."""
        return self.left[:1] == bytes([tag])

    def element(self) -> Element:
        """The next one, whatever it is."""
        found, self.left = _first(self.left)
        return found

    def take(self, tag: int) -> bytes:
        """What the next one holds, which has to be of that tag."""
        if not self.is_at(tag):
            raise UnreadableError(_MALFORMED)
        return self.element().content

    def whole(self, tag: int) -> bytes:
        """The next one with its tag and length."""
        before = self.left
        self.take(tag)
        return before[: len(before) - len(self.left)]

    def inner(self, tag: int) -> Reader:
        """A reader of what the next one holds."""
        return Reader(self.take(tag))

    def optional(self, tag: int) -> bytes | None:
        """What the next one holds, if it is of that tag."""
        return self.take(tag) if self.is_at(tag) else None


def elements(data: bytes) -> list[Element]:
    """All elements of the bytes."""
    reader, found = Reader(data), []
    while reader:
        found.append(reader.element())
    return found


def number(content: bytes) -> int:
    """An integer, which has to be written as short as possible."""
    head = content[:2]
    padded = len(head) > 1 and (
        (head[0] == 0 and not head[1] & 0x80) or (head[0] == 0xFF and head[1] & 0x80)  # noqa: PLR2004 (sign bits)
    )
    if not content or padded:
        raise UnreadableError(_MALFORMED)
    return int.from_bytes(content, signed=True)


def small_number(content: bytes) -> int:
    """An integer of 64 bits."""
    if len(content) > _INT64_OCTETS:
        raise UnreadableError(_MALFORMED)
    return number(content)


def flag(content: bytes) -> bool:
    """A Boolean, of which there are two."""
    if content not in (b"\0", b"\xff"):
        raise UnreadableError(_MALFORMED)
    return content != b"\0"


def bits(content: bytes) -> tuple[bytes, int]:
    """The octets, and how many bits of the last one are not used; those are zero."""
    if not content:
        raise UnreadableError(_MALFORMED)
    unused, octets = content[0], content[1:]
    rest = octets[-1] & ((1 << unused) - 1) if octets and unused <= _MOST_UNUSED_BITS else unused
    if rest:
        raise UnreadableError(_MALFORMED)
    return octets, unused


def aligned_bits(content: bytes) -> bytes:
    """The octets, with unused bits in front."""
    octets, unused = bits(content)
    return (int.from_bytes(octets) >> unused).to_bytes(len(octets))


def dotted(content: bytes) -> str:
    """An object identifier as people write it."""
    arcs, arc, octets = [], 0, 0
    for byte in content:
        arc, octets = arc << 7 | byte & 0x7F, octets + 1
        # Padding makes an arc longer than need be.
        if (octets == 1 and byte == 0x80) or octets > _ARC_OCTETS or arc > _MOST_ARC:  # noqa: PLR2004 (nothing but padding)
            raise UnreadableError(_MALFORMED)
        if not byte & 0x80:
            arcs.append(arc)
            arc = octets = 0
    if not arcs or octets:
        raise UnreadableError(_MALFORMED)
    first = min(arcs[0], _FIRST_ARCS) // _SECOND_ARCS
    return ".".join(map(str, (first, arcs[0] - _SECOND_ARCS * first, *arcs[1:])))


_MALFORMED = "its DER is malformed"


def _first(data: bytes) -> tuple[Element, bytes]:
    if len(data) < _SHORT_HEAD or data[0] & _LONG_TAG == _LONG_TAG:
        raise UnreadableError(_MALFORMED)
    length, head = data[1], _SHORT_HEAD
    if length & 0x80:
        head += length & 0x7F
        length = int.from_bytes(data[2:head])
        if length < _LONG_LENGTH or data[2] == 0:
            raise UnreadableError(_MALFORMED)
    end = head + length
    if head > _LONG_HEAD or end > len(data):
        raise UnreadableError(_MALFORMED)
    return Element(data[0], data[head:end]), data[end:]
