"""External authorities: certificate, key and chain have to be what they are said to be.

cryptography is imported only where a stack file has such an authority.
"""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from components.spec.checks.certificate import Facts, read
from components.spec.checks.chain import faults, signature_is_known
from components.spec.checks.der import UnreadableError
from components.spec.finding import Finding
from components.spec.names import LOOPBACK
from components.spec.pem import (
    CERTIFICATE,
    blocks,
    certificates,
    decoded,
    has_explicit_curve,
    labels,
)

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
_ONLY_PSS = "is for RSA-PSS only (id-RSASSA-PSS), which Go does not read"
# The key's type, in DER.
_PSS_TYPE = bytes.fromhex("06092a864886f70d01010a")
_PARENTS = "the parents of the certificate, nearest first, root last"


def findings(spec: Cluster) -> Iterator[Finding]:
    """What is no certificate, and every external generation that has both its halves."""
    for number, generation in spec.pki.generations.items():
        place = ("pki", "generations", str(number))
        foreign = [*_foreign(place, generation)]
        yield from foreign
        if not foreign and generation.certificate is not None and generation.key is not None:
            yield from _authority(place, generation, _names(spec))


def warnings(spec: Cluster) -> Iterator[str]:
    """An external authority, or one above it, that ends before leaves which are signed today."""
    lifetimes = spec.pki.lifetimes
    leaves = (lifetimes.server, lifetimes.peer, lifetimes.maintenance, lifetimes.client)
    needed = datetime.now(UTC) + max(leaf.validity for leaf in leaves)
    for number in dict.fromkeys(spec.pki.trusted):
        generation = spec.pki.generations.get(number)
        if generation is None or generation.certificate is None:
            continue
        path = [*_certificates(generation.certificate), *_certificates(generation.chain)]
        end, position = min((each.not_valid_after_utc, at) for at, each in enumerate(path))
        if end < needed:
            which = f" (certificate {position} of its chain does)" if position else ""
            yield (
                f"pki.generations.{number} ends on {end:%Y-%m-%d}{which}, before the leaves that "
                "are signed today: nothing trusts those of this generation from then on"
            )


def _foreign(place: Place, generation: Generation) -> Iterator[Finding]:
    """Other blocks than certificates: a key among them would be in the state, for all to read."""
    for field in ("certificate", "chain"):
        text = getattr(generation, field) or ""
        found = labels(text)
        other = next((label for label in found if label != CERTIFICATE), None)
        if other is not None:
            is_key = "PRIVATE KEY" in other.upper()
            what = "a private key" if is_key else "a PEM block that is none of a CERTIFICATE"
            kept = "; the key belongs in `key`, as a secret" if is_key else ""
            yield Finding(
                (*place, field), f"holds {what}", f"PEM blocks of certificates only{kept}"
            )
        elif 0 < len(certificates(text)) < len(found):
            reason = "holds a certificate that is not whole"
            yield Finding((*place, field), reason, "whole PEM blocks of certificates")


def _names(spec: Cluster) -> tuple[str, ...]:
    """What stands in the certificates of members."""
    nodes = spec.resolved_nodes()
    own = (name for node in nodes for name in (node.address, *node.names, *node.service_names))
    return tuple(dict.fromkeys((*own, *LOOPBACK)))


def _authority(place: Place, generation: Generation, names: Sequence[str]) -> Iterator[Finding]:
    signers = _certificates(generation.certificate or "")
    if len(signers) != 1:
        yield Finding(
            (*place, "certificate"),
            "is no certificate in PEM" if not signers else "is more than one certificate",
            "the PEM of the one certificate that signs; its parents belong in `chain`",
        )
    secret = generation.key.get_secret_value() if generation.key else ""
    key, reason = _private_key(secret)
    if key is None:
        yield Finding((*place, "key"), reason, "the PEM of the private key, without a passphrase")
    parents = _certificates(generation.chain)
    if generation.chain.strip() and not parents:
        yield Finding((*place, "chain"), "holds no certificate in PEM", "PEM blocks, root last")
    elif len(signers) == 1:
        yield from _path(place, [signers[0], *parents], names)
        if key is not None and not _belong_together(signers[0], key):
            yield Finding(
                (*place, "key"),
                "does not belong to the certificate: their public keys differ",
                "the private key that the certificate was made with",
            )


def _certificates(pem: str) -> list[Certificate]:
    from cryptography import x509  # noqa: PLC0415 (slow to import, seldom needed)

    with python_warnings.catch_warnings():
        # Go takes the serial number zero.
        python_warnings.simplefilter("ignore", DeprecationWarning)
        python_warnings.simplefilter("ignore", UserWarning)
        try:
            return [x509.load_der_x509_certificate(der) for der in certificates(pem)]
        except (ValueError, x509.InvalidVersion):
            return []


def _private_key(pem: str) -> tuple[PrivateKeyTypes | None, str]:
    """The key, or why there is none; the reason holds nothing of the key."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    if reason := _why_unreadable(pem):
        return None, reason
    try:
        # The library would ask whether the factors are prime, for seconds, which Go does not.
        key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
        return (key, "") if _is_sound(key) else (None, "is no private key: its numbers differ")
    except TypeError:
        return None, "is encrypted with a passphrase"
    except (ValueError, UnsupportedAlgorithm):
        return None, "is no private key in PEM"


def _is_sound(key: PrivateKeyTypes) -> bool:
    """Whether the numbers of an RSA key belong together."""
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    if not isinstance(key, rsa.RSAPrivateKey):
        return True
    of = key.private_numbers()
    p, q, product = of.p, of.q, of.d * of.public_numbers.e
    return (
        min(p, q) > 1
        and p * q == of.public_numbers.n
        and all(product % (each - 1) == 1 for each in (p, q))
        and (of.dmp1, of.dmq1) == (of.d % (p - 1), of.d % (q - 1))
        and of.iqmp * q % p == 1
    )


def _why_unreadable(pem: str) -> str:
    """Why Go does not read what cryptography reads."""
    if has_explicit_curve(pem):
        return _EXPLICIT
    return _ONLY_PSS if any(_PSS_TYPE in decoded(block) for block in blocks(pem)) else ""


def _belong_together(certificate: Certificate, key: PrivateKeyTypes) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    try:
        public = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False
    return public.public_bytes(*form) == key.public_key().public_bytes(*form)


def _path(place: Place, path: list[Certificate], names: Sequence[str]) -> Iterator[Finding]:
    """The signer first: what is wrong with it is not the chain's."""
    facts, unread = _read(path)
    if unread:
        yield from _blamed(place, unread)
        return
    found = dict(_faults(facts, names))
    if not facts[0].may_sign(root=len(facts) == 1):
        found.pop(0, "")
        yield Finding(
            (*place, "certificate"),
            "is not an authority's: it must not sign others",
            "the certificate of an authority (basic constraints CA:TRUE, key usage keyCertSign)",
        )
    links = list(_links((*place, "chain"), facts))
    yield from links
    above = min((at for at in found if at), default=0)
    shown = {at: reason for at, reason in found.items() if at == 0 or (at == above and not links)}
    yield from _blamed(place, shown)


def _blamed(place: Place, found: Mapping[int, str]) -> Iterator[Finding]:
    for position, reason in found.items():
        if position:
            remedy = "parents that allow it, nearest first"
            yield Finding((*place, "chain"), f"certificate {position} of it {reason}", remedy)
        else:
            remedy = "the certificate of an authority that allows it"
            yield Finding((*place, "certificate"), reason, remedy)


def _read(path: Sequence[Certificate]) -> tuple[list[Facts], dict[int, str]]:
    """What the certificates say, and the first that cannot be read, with the reason."""
    facts: list[Facts] = []
    for position, certificate in enumerate(path):
        try:
            facts.append(read(certificate))
        except (ValueError, IndexError) as error:
            return facts, {position: f"cannot be read by Go: {_words(error)}"}
    return facts, {}


def _faults(path: Sequence[Facts], names: Sequence[str]) -> Iterator[tuple[int, str]]:
    try:
        yield from faults(path, names)
    except (ValueError, IndexError) as error:
        yield 0, f"cannot be read by Go: {_words(error)}"


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, UnreadableError) else "it is malformed"


def _links(place: Place, path: list[Facts]) -> Iterator[Finding]:
    """Each certificate is signed by the next, each parent may sign, the last one is a root."""
    for position, (child, parent) in enumerate(pairwise(path), 1):
        may = parent.may_sign(root=position == len(path) - 1)
        if not may or not _issued(child, parent):
            reason = f"certificate {position} of it did not sign the one before it"
            yield Finding(place, reason, _PARENTS)
            return
    # Its signature is nobody's concern: who trusts it has it.
    if path[-1].subject != path[-1].issuer:
        reason = "does not end in a root (a certificate that signed itself)"
        yield Finding(place, reason, _PARENTS)


def _issued(child: Facts, parent: Facts) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415

    if child.issuer != parent.subject:
        return False
    if not signature_is_known(child):
        # It gets words of its own.
        return True
    try:
        child.certificate.verify_directly_issued_by(parent.certificate)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
