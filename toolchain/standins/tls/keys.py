"""Private keys: make them, write them in every form, read them back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from toolchain.standins.tls.errors import TlsError
from toolchain.standins.tls.pem import first_label

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

ALGORITHMS: dict[type[Any], str] = {
    rsa.RSAPrivateKey: "RSA",
    ec.EllipticCurvePrivateKey: "ECDSA",
    ed25519.Ed25519PrivateKey: "ED25519",
}
CURVES = {
    "P224": ec.SECP224R1(),
    "P256": ec.SECP256R1(),
    "P384": ec.SECP384R1(),
    "P521": ec.SECP521R1(),
}
PRIVATE_LABELS = ("RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY")
OPENSSH_FORMS = (
    "privateKeyOpenssh",
    "publicKeyOpenssh",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
)
RSA_EXPONENT = 65537
PEM_WIDTH = 64


def make(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A new key's outputs, for the properties `algorithm`, `ecdsaCurve` and `rsaBits`."""
    key = generate(wanted["algorithm"], wanted["ecdsaCurve"], wanted["rsaBits"])
    is_ed25519 = isinstance(key, ed25519.Ed25519PrivateKey)
    usual_form = PrivateFormat.PKCS8 if is_ed25519 else PrivateFormat.TraditionalOpenSSL
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        # The official plugin trims white space off the DER before it takes the digest.
        "id": hashlib.sha1(spki.strip(), usedforsecurity=False).hexdigest(),
        "privateKeyPem": _private_text(key, usual_form),
        "privateKeyPemPkcs8": _private_text(key, PrivateFormat.PKCS8),
        "publicKeyPem": _public_text(key, Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        **_openssh_forms(key),
    }


def generate(algorithm: str, curve: str, rsa_bits: int) -> PrivateKey:
    """A new key; the curve counts for ECDSA only, the size for RSA only. Raises TlsError."""
    if algorithm == "RSA":
        return _generate_rsa(rsa_bits)
    if algorithm == "ECDSA":
        return ec.generate_private_key(CURVES[curve])
    return ed25519.Ed25519PrivateKey.generate()


def _generate_rsa(bits: int) -> rsa.RSAPrivateKey:
    try:
        return rsa.generate_private_key(RSA_EXPONENT, bits)
    except ValueError as error:
        raise TlsError(f"Unable to generate Private Key from configuration: {error}") from error


def read(pem: str, what: str) -> PrivateKey:
    """The key in a PEM text. Raises TlsError that names `what` could not be read."""
    try:
        label = first_label(pem)
        if label is None:
            undecoded = len(pem.encode())
            raise TlsError(f"failed to decode PEM block: decoded bytes 0, undecoded {undecoded}")
        if label not in PRIVATE_LABELS:
            raise TlsError(f"unsupported PEM preamble/type: {label}")
        key = load_pem_private_key(pem.encode(), None)
    except (TlsError, ValueError, TypeError) as error:
        raise TlsError(f"Failed to parse {what} PEM: {error}") from error
    if not isinstance(key, PrivateKey):
        raise TlsError(f"Failed to parse {what} PEM: unsupported kind of key")
    return key


def algorithm_of(key: PrivateKey) -> str:
    """`RSA`, `ECDSA` or `ED25519`."""
    return next(name for kind, name in ALGORITHMS.items() if isinstance(key, kind))


def signature_hash(key: PrivateKey) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None:
    """The digest that a signature by this key uses; ED25519 has its own."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return None
    if isinstance(key, ec.EllipticCurvePrivateKey):
        if isinstance(key.curve, ec.SECP521R1):
            return hashes.SHA512()
        if isinstance(key.curve, ec.SECP384R1):
            return hashes.SHA384()
    return hashes.SHA256()


def _private_text(key: PrivateKey, form: PrivateFormat) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def _public_text(key: PrivateKey, encoding: Encoding, form: PublicFormat) -> str:
    return key.public_key().public_bytes(encoding, form).decode()


def _openssh_forms(key: PrivateKey) -> dict[str, str]:
    """The forms for SSH; all empty for curve P224, which SSH does not know."""
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP224R1):
        return dict.fromkeys(OPENSSH_FORMS, "")
    private = _rewrapped(_private_text(key, PrivateFormat.OpenSSH))
    public = _public_text(key, Encoding.OpenSSH, PublicFormat.OpenSSH)
    blob = base64.b64decode(public.split()[1])
    md5 = ":".join(wrap(hashlib.md5(blob, usedforsecurity=False).hexdigest(), 2))
    sha256 = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    values = (private, public + "\n", md5, "SHA256:" + sha256)
    return dict(zip(OPENSSH_FORMS, values, strict=True))


def _rewrapped(pem: str) -> str:
    """The PEM text with lines of the usual width; OpenSSH's own are longer."""
    begin, *lines, end = pem.strip().split("\n")
    return "\n".join([begin, *wrap("".join(lines), PEM_WIDTH), end, ""])
