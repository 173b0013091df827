"""A certificate as Go reads it: what Go's parser refuses raises UnreadableError with the reason.

It is read from its DER, since no library is lenient and strict in the same places as another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from components.spec.checks.der import (
    BITS,
    BOOLEAN,
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    Element,
    UnreadableError,
    dotted,
    only,
)
from components.spec.checks.name_limits import Limits, Name, alternative_names, limits_of

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

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
    """An identifier and the DER of its parameters, which may be empty."""

    oid: str
    parameters: tuple[Element, ...]


class Extension(NamedTuple):
    """What an extension says."""

    critical: bool
    value: bytes


@dataclass(frozen=True)
class Facts:
    """What one certificate says."""

    certificate: Certificate
    version: int
    issuer: bytes
    subject: bytes
    signature: Algorithm
    key: Algorithm
    key_bits: bytes
    extensions: Mapping[str, Extension]

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
        parts = {part.tag: part for part in only(found.value, SEQUENCE).parts}
        flag, most = parts.get(BOOLEAN, Element(BOOLEAN, b"\0")), parts.get(INTEGER)
        if flag.content not in (b"\0", b"\xff") or (most and most.number < 0):
            raise UnreadableError("its basic constraints are malformed")
        return flag.content != b"\0", most.number if most else None

    @cached_property
    def key_usage(self) -> bytes:
        """The bits of its key usage; without one it may be used for all."""
        found = self.extensions.get(KEY_USAGE)
        if not found:
            return b""
        unused, *octets = only(found.value, BITS).content
        if unused > (7 if octets else 0) or (octets and octets[-1] & ((1 << unused) - 1)):
            raise UnreadableError("its key usage is malformed")
        return bytes(octets)

    @cached_property
    def usages(self) -> tuple[str, ...]:
        """Its extended key usages."""
        found = self.extensions.get(EXTENDED_KEY_USAGE)
        parts = only(found.value, SEQUENCE).parts if found else []
        return tuple(dotted(part.content) for part in parts if part.tag == OID)

    @cached_property
    def explicit_policy(self) -> int | None:
        """How many authorities below it may be without a policy that all agree on."""
        found = self.extensions.get(POLICIES)
        parts = only(found.value, SEQUENCE).parts if found else []
        counts = [part.number for part in parts if part.tag == 0x80]  # noqa: PLR2004 (tag)
        return next((count for count in counts if count >= 0), None)

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
        bits = self.key_usage
        return self.authority[0] and (not any(bits) or bool(bits[0] & _CERT_SIGN))


def read(certificate: Certificate) -> Facts:
    """Everything that Go reads when it is given the certificate."""
    outer = only(_der(certificate), SEQUENCE).parts
    whole, algorithm = outer[0].parts, outer[1]
    versions = whole.pop(0).parts if whole[0].tag == 0xA0 else []  # noqa: PLR2004 (tag)
    version = versions[0].number + 1 if versions else 1
    serial, inner, issuer, _, subject, key, *rest = whole
    if serial.number < 0:
        raise UnreadableError("its serial number is negative")
    if inner != algorithm:
        raise UnreadableError("the two names of its signature's algorithm differ")
    identifier, bits = key.parts
    facts = Facts(
        certificate,
        version,
        issuer.content,
        subject.content,
        _algorithm(algorithm),
        _algorithm(identifier),
        bits.content[1:],
        _extensions(rest) if version == _WITH_EXTENSIONS else {},
    )
    _read_all(facts)
    return facts


def _der(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    return certificate.public_bytes(Encoding.DER)


def _algorithm(element: Element) -> Algorithm:
    first, *parameters = element.parts
    return Algorithm(dotted(first.content), tuple(parameters))


def _extensions(rest: list[Element]) -> dict[str, Extension]:
    found: dict[str, Extension] = {}
    held = [part for part in rest if part.tag == 0xA3]  # noqa: PLR2004 (tag)
    for each in held[0].parts[0].parts if held else []:
        oid, *flags, value = each.parts
        if value.tag != OCTETS:
            raise UnreadableError("one of its extensions is malformed")
        name = dotted(oid.content)
        if name in found:
            raise UnreadableError(f"it has the extension {name} twice")
        found[name] = Extension(bool(flags and flags[0].content != b"\0"), value.content)
    return found


def _read_all(facts: Facts) -> None:
    _ = (facts.names, facts.limits, facts.authority, facts.usages, facts.key_usage)
    _ = facts.explicit_policy
