"""External authorities: certificate, key and chain have to be what they are said to be.

cryptography is imported only where a stack file has such an authority.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from components.spec.checks.chain import broken_hash, extension, faults
from components.spec.finding import Finding
from components.spec.names import LOOPBACK

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

    from components.spec.cluster import Cluster
    from components.spec.pki import Generation
    from components.spec.problems import Place

_EXPLICIT = (
    "has the parameters of its curve written out, which Go does not read: "
    "`openssl ec -param_enc named_curve` names the curve"
)
_BODIES = re.compile(r"-----BEGIN [^-]+-----([^-]+)")
# Object identifier of a field that explicit parameters begin with.
_PRIME_FIELD = bytes.fromhex("06072a8648ce3d0101")


def findings(spec: Cluster) -> Iterator[Finding]:
    """Every external generation that has both its halves."""
    for number, generation in spec.pki.generations.items():
        if generation.certificate is not None and generation.key is not None:
            place = ("pki", "generations", str(number))
            yield from _authority(place, generation, _names(spec))


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


def _names(spec: Cluster) -> tuple[str, ...]:
    """What stands in the certificates of members."""
    nodes = spec.resolved_nodes()
    own = (name for node in nodes for name in (node.address, *node.names, *node.service_names))
    return tuple(dict.fromkeys((*own, *LOOPBACK)))


def _authority(place: Place, generation: Generation, names: Sequence[str]) -> Iterator[Finding]:
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
        yield from _path(place, [certificates[0], *parents], names)
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

    if _has_explicit_curve(pem):
        return None, _EXPLICIT
    try:
        return load_pem_private_key(pem.encode(), None), ""
    except TypeError:
        return None, "is encrypted with a passphrase"
    except (ValueError, UnsupportedAlgorithm):
        return None, "is no private key in PEM"


def _has_explicit_curve(pem: str) -> bool:
    return any(_PRIME_FIELD in _decoded(body) for body in _BODIES.findall(pem))


def _decoded(body: str) -> bytes:
    try:
        return base64.b64decode("".join(body.split()))
    except ValueError:
        return b""


def _belong_together(certificate: Certificate, key: PrivateKeyTypes) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return certificate.public_key().public_bytes(*form) == key.public_key().public_bytes(*form)


def _path(place: Place, path: list[Certificate], names: Sequence[str]) -> Iterator[Finding]:
    """The signer first: what is wrong with it is not the chain's."""
    signer, chain = (*place, "certificate"), (*place, "chain")
    found = dict(_faults(path, names))
    if not _may_sign(path[0]):
        reason = "is not an authority's: it must not sign others"
        remedy = (
            "the certificate of an authority (basic constraints CA:TRUE, key usage keyCertSign)"
        )
        yield Finding(signer, reason, remedy)
    elif reason := found.pop(0, ""):
        yield Finding(signer, reason, "the certificate of an authority that allows it")
    links = list(_links(chain, path))
    yield from links
    if not links and found:
        position, reason = min(found.items())
        yield Finding(
            chain, f"certificate {position} of it {reason}", "parents that allow it, nearest first"
        )


def _faults(path: list[Certificate], names: Sequence[str]) -> Iterator[tuple[int, str]]:
    try:
        yield from faults(path, names)
    except ValueError as error:
        yield 0, f"cannot be read: {error}"


def _may_sign(certificate: Certificate) -> bool:
    from cryptography import x509  # noqa: PLC0415

    try:
        constraints = extension(certificate, x509.BasicConstraints)
        usage = extension(certificate, x509.KeyUsage)
    except ValueError:
        return False
    may = constraints is not None and constraints.value.ca
    return may and (usage is None or usage.value.key_cert_sign)


def _links(place: Place, path: list[Certificate]) -> Iterator[Finding]:
    """Each certificate is signed by the next, each parent may sign, the last one is a root."""
    for position, (child, parent) in enumerate(pairwise(path), 1):
        if not _issued(child, parent) or not _may_sign(parent):
            yield Finding(
                place,
                f"certificate {position} of it did not sign the one before it",
                "the parents of the certificate, nearest first, root last",
            )
            return
    # Its signature is nobody's concern: who trusts it has it.
    if path[-1].subject != path[-1].issuer:
        yield Finding(
            place,
            "does not end in a root (a certificate that signed itself)",
            "the parents of the certificate, nearest first, root last",
        )


def _issued(child: Certificate, parent: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415

    try:
        child.verify_directly_issued_by(parent)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        # A broken hash gets words of its own.
        return bool(broken_hash(child))
    return True
