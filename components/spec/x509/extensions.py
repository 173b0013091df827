"""Extensions of which Go reads the content and this program uses nothing: it may be malformed."""

from __future__ import annotations

from collections.abc import Callable

from components.spec.x509.der import (
    HELD,
    INTEGER,
    OCTETS,
    OID,
    PLAIN,
    SEQUENCE,
    Reader,
    UnreadableError,
    dotted,
    small_number,
)

_URI = PLAIN | 6


def check(oid: str, value: bytes, *, critical: bool) -> None:
    """Raises for content that Go does not read."""
    if oid not in _READERS:
        return
    words, read = _READERS[oid]
    if critical and oid in _NEVER_CRITICAL:
        raise UnreadableError(f"its {words} is critical")
    try:
        read(Reader(value))
    except UnreadableError:
        raise UnreadableError(f"its {words} is malformed") from None


def _subject_key(reader: Reader) -> None:
    reader.take(OCTETS)


def _authority_key(reader: Reader) -> None:
    reader.inner(SEQUENCE).optional(PLAIN)


def _distribution_points(reader: Reader) -> None:
    points = reader.inner(SEQUENCE)
    while points:
        name = points.inner(SEQUENCE).optional(HELD)
        if name is None:
            continue
        full = Reader(name).inner(HELD)
        while full.optional(_URI) is not None:
            pass


def _policies(reader: Reader) -> None:
    policies, seen = reader.inner(SEQUENCE), set()
    while policies:
        oid = policies.inner(SEQUENCE).take(OID)
        if oid in seen or not _is_identifier(oid):
            raise UnreadableError
        seen.add(oid)


def _is_identifier(content: bytes) -> bool:
    """Arcs of any length; none of them is padded."""
    begins = (at for at in range(len(content)) if at == 0 or not content[at - 1] & 0x80)
    return bool(content) and not content[-1] & 0x80 and all(content[at] != 0x80 for at in begins)  # noqa: PLR2004 (padding)


def _mappings(reader: Reader) -> None:
    mappings = reader.inner(SEQUENCE)
    while mappings:
        pair = mappings.inner(SEQUENCE)
        pair.take(OID)
        pair.take(OID)


def _any_policy(reader: Reader) -> None:
    small_number(reader.take(INTEGER))


def _access(reader: Reader) -> None:
    descriptions = reader.inner(SEQUENCE)
    while descriptions:
        description = descriptions.inner(SEQUENCE)
        dotted(description.take(OID))
        description.optional(_URI)


_SUBJECT_KEY, _AUTHORITY_KEY, _ACCESS = "2.5.29.14", "2.5.29.35", "1.3.6.1.5.5.7.1.1"
_NEVER_CRITICAL = (_SUBJECT_KEY, _AUTHORITY_KEY, _ACCESS)
_READERS: dict[str, tuple[str, Callable[[Reader], None]]] = {
    _SUBJECT_KEY: ("subject key identifier", _subject_key),
    "2.5.29.31": ("list of CRL distribution points", _distribution_points),
    "2.5.29.32": ("list of certificate policies", _policies),
    "2.5.29.33": ("list of policy mappings", _mappings),
    _AUTHORITY_KEY: ("authority key identifier", _authority_key),
    "2.5.29.54": ("inhibitAnyPolicy", _any_policy),
    _ACCESS: ("authority information access", _access),
}
