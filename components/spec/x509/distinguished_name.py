"""Subjects and issuers of certificates, as Go reads them."""

from __future__ import annotations

import re
from collections.abc import Callable

from components.spec.x509.der import OID, SEQUENCE, SET, Reader, UnreadableError, dotted

# With the asterisk and the ampersand, which the standard does not have and certificates do.
_PRINTABLE = re.compile(rb"[A-Za-z0-9 '()+,./:=?*&-]*")
_NUMERIC = re.compile(rb"[0-9 ]*")
# Code points of the basic plane that stand for no character.
_NONE = (*range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF)


def check(name: bytes) -> None:
    """Raises for a name that Go does not read; it is given with its tag and length."""
    sets = Reader(name).inner(SEQUENCE)
    while sets:
        attributes = sets.inner(SET)
        while attributes:
            attribute = attributes.inner(SEQUENCE)
            oid = dotted(attribute.take(OID))
            tag, content = attribute.element()
            if tag not in _TYPES:
                raise UnreadableError(
                    f"its name has {oid} in a type of strings (tag {tag}) that Go does not know"
                )
            words, is_one = _TYPES[tag]
            if not is_one(content):
                raise UnreadableError(f"its name has {oid} as {words} with other characters")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_basic(content: bytes) -> bool:
    points = (int.from_bytes(content[at : at + 2]) for at in range(0, len(content), 2))
    return len(content) % 2 == 0 and not any(point in _NONE for point in points)


# By tag.
_TYPES: dict[int, tuple[str, Callable[[bytes], bool]]] = {
    0x0C: ("UTF8String", _is_utf8),
    0x12: ("NumericString", lambda content: bool(_NUMERIC.fullmatch(content))),
    0x13: ("PrintableString", lambda content: bool(_PRINTABLE.fullmatch(content))),
    0x14: ("T61String", lambda _: True),
    0x16: ("IA5String", bytes.isascii),
    0x1E: ("BMPString", _is_basic),
}
