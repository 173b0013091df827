"""Certificate requests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from toolchain.standins.tls import keys, names, subject
from toolchain.standins.tls.errors import TlsError
from toolchain.standins.tls.pem import require_label


def make(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A new request's outputs, for the properties `privateKeyPem`, `subject` and the names."""
    key = keys.read(wanted["privateKeyPem"], "private key")
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        subject.from_property(wanted.get("subject", {}))
    )
    alternatives = names.from_properties(wanted)
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    request = builder.sign(key, keys.signature_hash(key))
    digest = hashlib.sha1(request.public_bytes(Encoding.DER).strip(), usedforsecurity=False)
    return {
        "id": digest.hexdigest(),
        "certRequestPem": request.public_bytes(Encoding.PEM).decode(),
        "keyAlgorithm": keys.algorithm_of(key),
    }


def read(pem: str) -> x509.CertificateSigningRequest:
    """The request in a PEM text. Raises TlsError."""
    try:
        require_label(pem, "CERTIFICATE REQUEST")
        return x509.load_pem_x509_csr(pem.encode())
    except (TlsError, ValueError) as error:
        raise TlsError(f"Failed to parse certificate request PEM: {error}") from error
