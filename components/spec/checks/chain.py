"""Chains of an external authority, judged as Go's crypto/x509 will judge the leaves below them.

etcd, the apiserver and the tls plugin are Go programs: what is refused here would fail in an `up`.
The root is only trusted: nobody looks at its own signature, but at its dates, usages and limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from components.spec.checks.certificate import NAME_CONSTRAINTS, Algorithm, Facts
from components.spec.checks.der import (
    INTEGER,
    NULL,
    OID,
    SEQUENCE,
    Element,
    UnreadableError,
    dotted,
    only,
)
from components.spec.checks.name_limits import Name, comparable, name_of, refusal

_RSA, _EC, _ED25519 = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1", "1.3.101.112"
_RSA_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_CURVES = ("1.3.132.0.33", "1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35")
_UNCOMPRESSED = b"\x04"
_CURVE_NAMES = {"1.3.132.0.10": "secp256k1"}
_RSA_LEAST_BITS = 1024
# Of what is sent in a handshake; a root is not.
_RSA_MOST_BITS = 8192
_MOST_EXPONENT = 2**31 - 1
# RSA PKCS#1 v1.5 and ECDSA with SHA-256, SHA-384 and SHA-512, and Ed25519.
_SIGNATURES = (
    *(f"1.2.840.113549.1.1.{number}" for number in (11, 12, 13)),
    *(f"1.2.840.10045.4.3.{number}" for number in (2, 3, 4)),
)
# Length of the salt by hash: SHA-256, SHA-384 and SHA-512.
_PSS_SALTS = {f"2.16.840.1.101.3.4.2.{number}": number * 16 + 16 for number in (1, 2, 3)}
_USUAL_TRAILER = Element(INTEGER, b"\x01")
_KNOWN_SIGNATURES = {
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA1",
    "1.2.840.10045.4.1": "SHA1",
    "1.2.840.113549.1.1.14": "SHA224",
    "1.2.840.10045.4.3.1": "SHA224",
    _RSA_PSS: "RSA-PSS, whose salt is not as long as its hash or whose hash is none of SHA-256, "
    "SHA-384 and SHA-512",
}
_ANY_USAGE = "2.5.29.37.0"
_USAGES = {"1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.2": "clientAuth"}


def faults(path: Sequence[Facts], names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Position in the path (signer first, root last) and why no leaf below it would be accepted.
    `names` are those in the leaves."""
    for position, facts in enumerate(path):
        root = position == len(path) - 1
        reason = (
            _date(facts)
            or _key(facts, root=root)
            or _critical(facts)
            or _usages(facts)
            or _length(facts, position)
            or _leaf_names(facts, names)
            or _names_below(facts, path[:position])
            or ("" if root else _signature(facts) or _policy(path, position))
        )
        if reason:
            yield position, reason


def signature_is_known(facts: Facts) -> bool:
    """Whether Go verifies signatures of that kind."""
    oid, parameters = facts.signature
    if oid == _RSA_PSS:
        return len(parameters) == 1 and _is_pss_of_go(parameters[0])
    return oid in _SIGNATURES or (oid == _ED25519 and not parameters)


def _date(facts: Facts) -> str:
    now, certificate = datetime.now(UTC), facts.certificate
    if certificate.not_valid_after_utc <= now:
        return f"ended on {certificate.not_valid_after_utc:%Y-%m-%d}"
    if certificate.not_valid_before_utc > now:
        return f"is valid from {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC only"
    return ""


def _key(facts: Facts, *, root: bool) -> str:
    if facts.key.oid == _RSA:
        return _rsa_key(facts, root=root)
    if facts.key.oid == _EC:
        return _curve(facts)
    if facts.key.oid == _RSA_PSS:
        return "has a key for RSA-PSS only (id-RSASSA-PSS), which Go does not read"
    known = facts.key == Algorithm(_ED25519, ())
    return "" if known else "has a key of a kind that Go does not know"


def _rsa_key(facts: Facts, *, root: bool) -> str:
    if facts.key.parameters != (Element(NULL, b""),):
        return "has an RSA key without the empty parameters that Go asks for"
    modulus, exponent = (part.number for part in only(facts.key_bits, SEQUENCE).parts)
    bits = modulus.bit_length()
    if bits < _RSA_LEAST_BITS or (bits > _RSA_MOST_BITS and not root):
        return f"has an RSA key of {bits} bits, which Go refuses"
    if not 2 < exponent <= _MOST_EXPONENT or exponent % 2 == 0:  # noqa: PLR2004 (1 is none)
        return f"has an RSA key with the exponent {exponent}, which Go refuses"
    return ""


def _curve(facts: Facts) -> str:
    named = [part for part in facts.key.parameters if part.tag == OID]
    if not named:
        return "has a key whose curve is not named, which Go does not read"
    curve = dotted(named[0].content)
    if curve not in _CURVES:
        return f"has a key on the curve {_CURVE_NAMES.get(curve, curve)}, which Go does not know"
    whole = facts.key_bits[:1] == _UNCOMPRESSED
    return "" if whole else "has a key whose point is compressed, which Go does not read"


def _signature(facts: Facts) -> str:
    if signature_is_known(facts):
        return ""
    oid = facts.signature.oid
    name = _KNOWN_SIGNATURES.get(oid, f"the algorithm {oid}")
    return f"is signed with {name}, which Go refuses below a root"


def _is_pss_of_go(parameters: Element) -> bool:
    """The hash makes the mask too, the salt is as long as the hash, the trailer is as usual."""
    fields = {part.tag: part.parts[0] for part in parameters.parts}
    if not {0xA0, 0xA1, 0xA2} <= {*fields} or fields.get(0xA3, _USUAL_TRAILER) != _USUAL_TRAILER:
        return False
    digest, mask = _hash(fields[0xA0]), fields[0xA1].parts
    return (
        dotted(mask[0].content) == _MGF1
        and _hash(mask[1]) == digest
        and _PSS_SALTS.get(digest) == fields[0xA2].number
    )


def _hash(algorithm: Element) -> str:
    """Nothing if it has parameters."""
    oid, *parameters = algorithm.parts
    return dotted(oid.content) if parameters in ([], [Element(NULL, b"")]) else ""


def _critical(facts: Facts) -> str:
    oid = facts.unknown_critical
    if oid == NAME_CONSTRAINTS:
        return (
            "has critical constraints of names that are no DNS names, IP addresses, e-mail "
            "addresses or URIs, which Go refuses"
        )
    return f"has the critical extension {oid}, which Go refuses" if oid else ""


def _usages(facts: Facts) -> str:
    """Every certificate above a leaf has to allow what the leaf is used for, or name no usage."""
    missing = [name for oid, name in _USAGES.items() if oid not in facts.usages]
    if not facts.usages or not missing or _ANY_USAGE in facts.usages:
        return ""
    return (
        f"has extended key usages, and {' and '.join(missing)} not among them: no certificate "
        "below it may be used for that"
    )


def _length(facts: Facts, below: int) -> str:
    most = facts.authority[1] if facts.authority else None
    if most is None or below <= most:
        return ""
    return f"allows {most} authorities below it (its path length); there are {below}"


def _leaf_names(facts: Facts, names: Sequence[str]) -> str:
    if facts.limits is None:
        return ""
    for text in names:
        if verb := refusal(name_of(text), facts.limits):
            known = "have to be known by" if verb == "excludes" else "are known by"
            return f"{verb} {text} by its name constraints, which members {known}"
    return ""


def _names_below(facts: Facts, below: Sequence[Facts]) -> str:
    """Names that authorities below it have themselves."""
    if facts.limits is None:
        return ""
    try:
        names: list[Name] = [name for each in below for name in comparable(each.names)]
    except UnreadableError as error:
        return f"has name constraints, and of an authority below it {error}"
    for name in names:
        if verb := refusal(name, facts.limits):
            return (
                f"{verb} the {name.words} by its name constraints, which an authority below it has"
            )
    return ""


def _policy(path: Sequence[Facts], position: int) -> str:
    """Leaves have no policies, so none may be asked for that far down (RFC 5280, 6.1.4)."""
    most = path[position].explicit_policy
    if most is None:
        return ""
    counted = [each for each in path[:position] if each.issuer != each.subject]
    # The leaf is one more.
    if most > len(counted) + 1:
        return ""
    return "asks for a policy below it (requireExplicitPolicy), and leaves have none"
