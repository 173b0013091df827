"""Public keys of authorities: which of them Go reads and verifies with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.spec.x509.certificate import Algorithm, Facts
from components.spec.x509.der import (
    INTEGER,
    NULL,
    OID,
    SEQUENCE,
    Element,
    Reader,
    UnreadableError,
    dotted,
    number,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

_RSA, _EC, _ED25519 = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1", "1.3.101.112"
RSA_PSS = "1.2.840.113549.1.1.10"
_CURVES = {
    "1.3.132.0.33": "SECP224R1",
    "1.2.840.10045.3.1.7": "SECP256R1",
    "1.3.132.0.34": "SECP384R1",
    "1.3.132.0.35": "SECP521R1",
}
_CURVE_NAMES = {"1.3.132.0.10": "secp256k1"}
_UNCOMPRESSED = b"\x04"
_RSA_LEAST_BITS = 1024
# Of what is sent in a handshake; a root is not.
_RSA_MOST_BITS = 8192
_MOST_EXPONENT = 2**31 - 1
_ED25519_OCTETS = 32


def fault(facts: Facts, *, root: bool) -> str:
    """Why Go verifies nothing with the key of the certificate; nothing if it does."""
    try:
        return _fault(facts, root=root)
    except UnreadableError as error:
        return f"has a key that Go does not read: {error}"


def _fault(facts: Facts, *, root: bool) -> str:
    if facts.key.oid == _RSA:
        return _rsa_fault(facts, root=root)
    if facts.key.oid == _EC:
        return _curve_fault(facts)
    if facts.key.oid == RSA_PSS:
        return "has a key for RSA-PSS only (id-RSASSA-PSS), which Go does not read"
    if facts.key != Algorithm(_ED25519, ()):
        return "has a key of a kind that Go does not know"
    return "" if len(facts.key_bits) == _ED25519_OCTETS else "has an Ed25519 key of another length"


def load(facts: Facts) -> PublicKey:
    """The key; raises ValueError if it is none."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415

    if facts.key.oid == _RSA:
        modulus, exponent = _rsa_numbers(facts)
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    if facts.key.oid == _EC:
        curve = getattr(ec, _CURVES[_curve(facts)])()
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, facts.key_bits)
    return ed25519.Ed25519PublicKey.from_public_bytes(facts.key_bits)


def _rsa_numbers(facts: Facts) -> tuple[int, int]:
    reader = Reader(facts.key_bits).inner(SEQUENCE)
    return number(reader.take(INTEGER)), number(reader.take(INTEGER))


def _rsa_fault(facts: Facts, *, root: bool) -> str:
    if facts.key.parameters != (Element(NULL, b""),):
        return "has an RSA key without the empty parameters that Go asks for"
    modulus, exponent = _rsa_numbers(facts)
    bits = modulus.bit_length()
    if modulus < 0 or bits < _RSA_LEAST_BITS or (bits > _RSA_MOST_BITS and not root):
        return f"has an RSA key of {bits} bits, which Go refuses"
    if modulus % 2 == 0:
        return "has an RSA key whose modulus is even"
    if not 2 < exponent <= _MOST_EXPONENT or exponent % 2 == 0:  # noqa: PLR2004 (1 is none)
        return f"has an RSA key with the exponent {exponent}, which Go refuses"
    return ""


def _curve(facts: Facts) -> str:
    """Nothing if it is not named."""
    named = [part for part in facts.key.parameters if part.tag == OID]
    return dotted(named[0].content) if named else ""


def _curve_fault(facts: Facts) -> str:
    curve = _curve(facts)
    if not curve:
        return "has a key whose curve is not named, which Go does not read"
    if curve not in _CURVES:
        return f"has a key on the curve {_CURVE_NAMES.get(curve, curve)}, which Go does not know"
    if facts.key_bits[:1] != _UNCOMPRESSED:
        return "has a key whose point is compressed, which Go does not read"
    try:
        load(facts)
    except ValueError:
        return "has a key that is no point of its curve"
    return ""
