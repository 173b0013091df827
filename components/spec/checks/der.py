"""DER, as far as certificates need it. What cannot be read raises UnreadableError."""

from __future__ import annotations

from typing import NamedTuple

BOOLEAN, INTEGER, BITS, OCTETS, NULL, OID, SEQUENCE = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x30
# Tag and length take two bytes at least, a long length four more at most.
_SHORT_HEAD, _LONG_HEAD = 2, 6
# A tag of more than one byte, which certificates have none of; the least length in the long form.
_LONG_TAG, _LONG_LENGTH = 0x1F, 0x80


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

    @property
    def number(self) -> int:
        """The integer that it holds."""
        return int.from_bytes(self.content, signed=True)


def elements(data: bytes) -> list[Element]:
    """All elements of the bytes."""
    found: list[Element] = []
    while data:
        element, data = _first(data)
        found.append(element)
    return found


def only(data: bytes, tag: int) -> Element:
    """The one element of the bytes, of that tag."""
    found = elements(data)
    if len(found) != 1 or found[0].tag != tag:
        raise UnreadableError(_MALFORMED)
    return found[0]


def dotted(content: bytes) -> str:
    """An object identifier as people write it."""
    arcs, arc = [], 0
    for byte in content:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    if not arcs:
        raise UnreadableError(_MALFORMED)
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


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
