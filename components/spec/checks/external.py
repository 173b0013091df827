"""External authorities: certificate, key and chain have to be what they are said to be.

cryptography is imported only where a stack file has such an authority.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from components.spec.finding import Finding

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

    from components.spec.cluster import Cluster
    from components.spec.pki import Generation
    from components.spec.problems import Place


def findings(spec: Cluster) -> Iterator[Finding]:
    """Every external generation that has both its halves."""
    for number, generation in spec.pki.generations.items():
        if generation.certificate is not None and generation.key is not None:
            yield from _authority(("pki", "generations", str(number)), generation)


def warnings(spec: Cluster) -> Iterator[str]:
    """An external signer that ends before the leaves it signs today."""
    generation = spec.pki.generations.get(spec.pki.signing)
    if generation is None or generation.certificate is None:
        return
    end = _certificates(generation.certificate)[0].not_valid_after_utc
    lifetimes = spec.pki.lifetimes
    leaves = (lifetimes.server, lifetimes.peer, lifetimes.maintenance, lifetimes.client)
    if end < datetime.now(UTC) + max(leaf.validity for leaf in leaves):
        yield (
            f"pki.generations.{spec.pki.signing} ends on {end:%Y-%m-%d}, before the leaves that it "
            "signs today: nothing trusts them from then on"
        )


def _authority(place: Place, generation: Generation) -> Iterator[Finding]:
    certificates = _certificates(generation.certificate or "")
    if len(certificates) != 1:
        yield Finding(
            (*place, "certificate"),
            "is no certificate in PEM" if not certificates else "is more than one certificate",
            "the PEM of the one certificate that signs; its parents belong in `chain`",
        )
    secret = generation.key.get_secret_value() if generation.key else ""
    key, reason = _private_key(secret)
    if key is None:
        yield Finding((*place, "key"), reason, "the PEM of the private key, without a passphrase")
    parents = _certificates(generation.chain)
    if generation.chain.strip() and not parents:
        yield Finding((*place, "chain"), "holds no certificate in PEM", "PEM blocks, root last")
    elif len(certificates) == 1:
        yield from _signer((*place, "certificate"), certificates[0])
        yield from _chain(place, [certificates[0], *parents])
        if key is not None and not _belong_together(certificates[0], key):
            yield Finding(
                (*place, "key"),
                "does not belong to the certificate: their public keys differ",
                "the private key that the certificate was made with",
            )


def _certificates(pem: str) -> list[Certificate]:
    from cryptography import x509  # noqa: PLC0415 (slow to import, seldom needed)

    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        return []


def _private_key(pem: str) -> tuple[PrivateKeyTypes | None, str]:
    """The key, or why there is none; the reason holds nothing of the key."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        return load_pem_private_key(pem.encode(), None), ""
    except TypeError:
        return None, "is encrypted with a passphrase"
    except (ValueError, UnsupportedAlgorithm):
        return None, "is no private key in PEM"


def _belong_together(certificate: Certificate, key: PrivateKeyTypes) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return certificate.public_key().public_bytes(*form) == key.public_key().public_bytes(*form)


def _signer(place: Place, certificate: Certificate) -> Iterator[Finding]:
    """A certificate that may sign others, today."""
    remedy = "the certificate of an authority (basic constraints CA:TRUE, key usage keyCertSign)"
    if not _may_sign(certificate):
        yield Finding(place, "is not an authority's: it must not sign others", remedy)
    now = datetime.now(UTC)
    if certificate.not_valid_after_utc <= now:
        yield Finding(place, f"ended on {certificate.not_valid_after_utc:%Y-%m-%d}", "a newer one")
    elif certificate.not_valid_before_utc > now:
        begin = certificate.not_valid_before_utc
        yield Finding(place, f"is valid from {begin:%Y-%m-%d %H:%M} UTC only", "one valid today")


def _may_sign(certificate: Certificate) -> bool:
    from cryptography import x509  # noqa: PLC0415

    try:
        extensions = certificate.extensions
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return constraints.ca
    return constraints.ca and usage.key_cert_sign


def _chain(place: Place, path: list[Certificate]) -> Iterator[Finding]:
    """Each certificate is signed by the next, each parent may sign, the last one is a root."""
    for position, (child, parent) in enumerate(pairwise(path), 1):
        if not _issued(child, parent) or not _may_sign(parent):
            yield Finding(
                (*place, "chain"),
                f"certificate {position} of it did not sign the one before it",
                "the parents of the certificate, nearest first, root last",
            )
            return
    if not _issued(path[-1], path[-1]):
        yield Finding(
            (*place, "chain"),
            "does not end in a root (a certificate that signed itself)",
            "the parents of the certificate, nearest first, root last",
        )


def _issued(child: Certificate, parent: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415

    try:
        child.verify_directly_issued_by(parent)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
