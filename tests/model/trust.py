"""Who believes whose certificates."""

from __future__ import annotations

from functools import cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature


@cache
def believes(bundle: str, certificate: str) -> bool:
    """`certificate` was signed by one of `bundle`."""
    leaf = x509.load_pem_x509_certificate(certificate.encode())
    return any(_signed(leaf, root) for root in x509.load_pem_x509_certificates(bundle.encode()))


def _signed(leaf: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError):
        return False
    return True
