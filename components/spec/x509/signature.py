"""Signatures below authorities: which of them Go verifies, and whether they are the parent's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.spec.x509 import public_key
from components.spec.x509.certificate import Facts
from components.spec.x509.der import INTEGER, NULL, Element, UnreadableError, dotted, number
from components.spec.x509.public_key import RSA_PSS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

_ED25519, _MGF1 = "1.3.101.112", "1.2.840.113549.1.1.8"
_RSA_ARC, _ECDSA_ARC = "1.2.840.113549.1.1", "1.2.840.10045.4.3"
_RSA = {f"{_RSA_ARC}.11": "SHA256", f"{_RSA_ARC}.12": "SHA384", f"{_RSA_ARC}.13": "SHA512"}
_ECDSA = {f"{_ECDSA_ARC}.2": "SHA256", f"{_ECDSA_ARC}.3": "SHA384", f"{_ECDSA_ARC}.4": "SHA512"}
_HASH_ARC = "2.16.840.1.101.3.4.2"
_HASHES = {f"{_HASH_ARC}.1": "SHA256", f"{_HASH_ARC}.2": "SHA384", f"{_HASH_ARC}.3": "SHA512"}
_SALTS = {"SHA256": 32, "SHA384": 48, "SHA512": 64}
_USUAL_TRAILER = Element(INTEGER, b"\x01")
_REFUSED = {
    f"{_RSA_ARC}.4": "MD5",
    f"{_RSA_ARC}.5": "SHA1",
    "1.2.840.10045.4.1": "SHA1",
    f"{_RSA_ARC}.14": "SHA224",
    f"{_ECDSA_ARC}.1": "SHA224",
    RSA_PSS: "RSA-PSS, whose salt is not as long as its hash or whose hash is none of SHA-256, "
    "SHA-384 and SHA-512",
}


def fault(facts: Facts) -> str:
    """Why Go does not verify a signature of that kind; nothing if it does."""
    if is_known(facts):
        return ""
    oid = facts.algorithm.oid
    name = _REFUSED.get(oid, f"the algorithm {oid}")
    return f"is signed with {name}, which Go refuses below a root"


def is_known(facts: Facts) -> bool:
    """Whether Go verifies signatures of that kind."""
    oid, parameters = facts.algorithm
    if oid == RSA_PSS:
        return bool(_pss_hash(facts))
    return oid in _RSA or oid in _ECDSA or (oid == _ED25519 and not parameters)


def is_of(child: Facts, parent: Facts) -> bool:
    """Whether the parent's key made the child's signature, of a kind that Go verifies."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415

    try:
        _verify(child, public_key.load(parent))
    except (ValueError, TypeError, KeyError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _verify(child: Facts, key: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa  # noqa: PLC0415

    oid, signature, data = child.algorithm.oid, child.signature, child.signed
    if isinstance(key, rsa.RSAPublicKey) and oid == RSA_PSS:
        digest = _pss_hash(child)
        scheme = padding.PSS(padding.MGF1(_hash(digest)), _SALTS[digest])
        key.verify(signature, data, scheme, _hash(digest))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), _hash(_RSA[oid]))
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(_hash(_ECDSA[oid])))
    elif isinstance(key, ed25519.Ed25519PublicKey) and oid == _ED25519:
        key.verify(signature, data)
    else:
        raise TypeError


def _hash(name: str) -> HashAlgorithm:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415

    found: HashAlgorithm = getattr(hashes, name)()
    return found


def _pss_hash(facts: Facts) -> str:
    """The hash of parameters that Go takes: it makes the mask too, the salt is as long as it, the
    trailer is as usual. Nothing for others."""
    try:
        (parameters,) = facts.algorithm.parameters
        fields = {part.tag: part.parts[0] for part in parameters.parts}
        digest, mask = _digest(fields[0xA0]), fields[0xA1].parts
        fits = (
            fields.get(0xA3, _USUAL_TRAILER) == _USUAL_TRAILER
            and dotted(mask[0].content) == _MGF1
            and _digest(mask[1]) == digest
            and _SALTS.get(digest) == number(fields[0xA2].content)
        )
    except (UnreadableError, ValueError, LookupError):
        return ""
    return digest if fits else ""


def _digest(algorithm: Element) -> str:
    """Nothing for a hash that Go does not verify with, or one with parameters."""
    oid, *parameters = algorithm.parts
    return _HASHES.get(dotted(oid.content), "") if parameters in ([], [Element(NULL, b"")]) else ""
