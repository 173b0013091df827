"""A certificate as Go reads it: what Go's parser refuses raises UnreadableError with the reason.

It is read from its DER, since no library is lenient and strict in the same places as another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from components.spec.x509 import distinguished_name, extensions
from components.spec.x509.der import (
    BITS,
    BOOLEAN,
    HELD,
    INTEGER,
    OCTETS,
    OID,
    PLAIN,
    SEQUENCE,
    Element,
    Reader,
    UnreadableError,
    aligned_bits,
    bits,
    dotted,
    flag,
    number,
    small_number,
)
from components.spec.x509.moment import moment
from components.spec.x509.name_limits import Limits, Name, alternative_names, limits_of

KEY_USAGE, ALTERNATIVE_NAMES, BASIC_CONSTRAINTS = "2.5.29.15", "2.5.29.17", "2.5.29.19"
NAME_CONSTRAINTS, POLICIES, EXTENDED_KEY_USAGE = "2.5.29.30", "2.5.29.36", "2.5.29.37"
# Extensions that Go knows what to do with if they are critical.
_KNOWN = (
    *(KEY_USAGE, BASIC_CONSTRAINTS, ALTERNATIVE_NAMES, NAME_CONSTRAINTS, EXTENDED_KEY_USAGE),
    *(POLICIES, "2.5.29.31", "2.5.29.32", "2.5.29.33", "2.5.29.54"),
)
_CERT_SIGN = 0x04
_WITH_EXTENSIONS = 3


class Algorithm(NamedTuple):
    """An identifier and its first parameter; Go reads no further one."""

    oid: str
    parameters: tuple[Element, ...]


class Extension(NamedTuple):
    """What an extension says."""

    critical: bool
    value: bytes


@dataclass(frozen=True)
class Facts:
    """What one certificate says."""

    version: int
    issuer: bytes
    subject: bytes
    begins: datetime
    ends: datetime
    key: Algorithm
    key_bits: bytes
    extensions: Mapping[str, Extension]
    signed: bytes
    """What its signature is made of."""
    algorithm: Algorithm
    signature: bytes

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Its alternative names."""
        found = self.extensions.get(ALTERNATIVE_NAMES)
        return alternative_names(found.value) if found else ()

    @cached_property
    def limits(self) -> Limits | None:
        """Its name constraints."""
        found = self.extensions.get(NAME_CONSTRAINTS)
        return limits_of(found.value) if found else None

    @cached_property
    def authority(self) -> tuple[bool, int | None] | None:
        """Its basic constraints: whether it may sign, and how many authorities below it."""
        found = self.extensions.get(BASIC_CONSTRAINTS)
        if not found:
            return None
        reader = Reader(found.value).inner(SEQUENCE)
        signs, length = reader.optional(BOOLEAN), _optional_number(reader, INTEGER)
        if length is not None and length < 0:
            raise UnreadableError("its path length is negative")
        return signs is not None and flag(signs), length

    @cached_property
    def key_usage(self) -> bytes:
        """The bits of its key usage; without one it may be used for all."""
        found = self.extensions.get(KEY_USAGE)
        return bits(Reader(found.value).take(BITS))[0] if found else b""

    @cached_property
    def usages(self) -> tuple[str, ...]:
        """Its extended key usages."""
        found = self.extensions.get(EXTENDED_KEY_USAGE)
        if not found:
            return ()
        reader, usages = Reader(found.value).inner(SEQUENCE), []
        while reader:
            usages.append(dotted(reader.take(OID)))
        return tuple(usages)

    @cached_property
    def explicit_policy(self) -> int | None:
        """How many authorities below it may be without a policy that all agree on."""
        found = self.extensions.get(POLICIES)
        if not found:
            return None
        reader = Reader(found.value).inner(SEQUENCE)
        explicit, _ = (_optional_number(reader, tag) for tag in (PLAIN, PLAIN | 1))
        return None if explicit is None or explicit < 0 else explicit

    @property
    def unknown_critical(self) -> str:
        """The first critical extension that Go cannot heed."""
        unheeded = {
            ALTERNATIVE_NAMES: not self.names,
            NAME_CONSTRAINTS: bool(self.limits and self.limits.unknown),
        }
        critical = (oid for oid, each in self.extensions.items() if each.critical)
        return next((oid for oid in critical if unheeded.get(oid, oid not in _KNOWN)), "")

    def may_sign(self, *, root: bool) -> bool:
        """A root of an older version has no extensions to say so."""
        if self.authority is None:
            return root and self.version < _WITH_EXTENSIONS
        held = self.key_usage
        return self.authority[0] and (not any(held) or bool(held[0] & _CERT_SIGN))


def read(der: bytes) -> Facts:
    """Everything that Go reads when it is given the certificate."""
    reader = Reader(der)
    outer = reader.inner(SEQUENCE)
    if reader:
        raise UnreadableError("bytes stand behind it")
    signed = outer.whole(SEQUENCE)
    algorithm = outer.take(SEQUENCE)
    inner = Reader(signed).inner(SEQUENCE)
    version = _version(inner)
    if number(inner.take(INTEGER)) < 0:
        raise UnreadableError("its serial number is negative")
    if inner.take(SEQUENCE) != algorithm:
        raise UnreadableError("the two names of its signature's algorithm differ")
    issuer = inner.whole(SEQUENCE)
    validity = inner.inner(SEQUENCE)
    begins, ends = moment(validity), moment(validity)
    subject = inner.whole(SEQUENCE)
    for name in (issuer, subject):
        distinguished_name.check(name)
    key = inner.inner(SEQUENCE)
    facts = Facts(
        version,
        issuer,
        subject,
        begins,
        ends,
        _algorithm(key.inner(SEQUENCE)),
        aligned_bits(key.take(BITS)),
        _extensions(inner, version),
        signed,
        _algorithm(Reader(algorithm)),
        aligned_bits(outer.take(BITS)),
    )
    _read_all(facts)
    return facts


def _optional_number(reader: Reader, tag: int) -> int | None:
    held = reader.optional(tag)
    return None if held is None else small_number(held)


def _version(reader: Reader) -> int:
    held = reader.optional(HELD)
    if held is None:
        return 1
    inner = Reader(held)
    version = small_number(inner.take(INTEGER)) + 1
    if inner or not 1 <= version <= _WITH_EXTENSIONS:
        raise UnreadableError("its version is none of 1, 2 and 3")
    return version


def _algorithm(reader: Reader) -> Algorithm:
    oid = dotted(reader.take(OID))
    return Algorithm(oid, (reader.element(),) if reader else ())


def _extensions(reader: Reader, version: int) -> dict[str, Extension]:
    found: dict[str, Extension] = {}
    if version > 1:
        # Unique identifiers, which nobody has.
        reader.optional(PLAIN | 1)
        reader.optional(PLAIN | 2)
    held = reader.optional(HELD | 3) if version == _WITH_EXTENSIONS else None
    listed = Reader(b"") if held is None else Reader(held).inner(SEQUENCE)
    while listed:
        each = listed.inner(SEQUENCE)
        name, critical, value = dotted(each.take(OID)), each.optional(BOOLEAN), each.take(OCTETS)
        if name in found:
            raise UnreadableError(f"it has the extension {name} twice")
        found[name] = Extension(critical is not None and flag(critical), value)
    return found


def _read_all(facts: Facts) -> None:
    _ = (facts.names, facts.limits, facts.authority, facts.usages, facts.key_usage)
    _ = facts.explicit_policy
    for oid, extension in facts.extensions.items():
        extensions.check(oid, extension.value, critical=extension.critical)
