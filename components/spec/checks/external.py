"""External authorities: certificate, key and chain have to be what they are said to be.

cryptography is imported only where a stack file has such an authority.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from components.spec.report.finding import Finding
from components.spec.values.names import LOOPBACK
from components.spec.x509 import go_keys, public_key
from components.spec.x509.certificate import Facts, read
from components.spec.x509.chain import faults
from components.spec.x509.der import UnreadableError
from components.spec.x509.order import in_order, is_issued
from components.spec.x509.pem import CERTIFICATE, certificates, has_explicit_curve, labels

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

    from components.spec.models.cluster import Cluster
    from components.spec.models.pki import Generation
    from components.spec.report.problems import Place

_EXPLICIT = (
    "has the parameters of its curve written out, which Go does not read: "
    "`openssl ec -param_enc named_curve` names the curve"
)
_ONLY_PSS = "is for RSA-PSS only (id-RSASSA-PSS), which Go does not read"
_PARENTS = "the parents of the certificate, nearest first, root last"


def findings(spec: Cluster) -> Iterator[Finding]:
    """What is no certificate, and every trusted external generation that has both its halves."""
    for number, generation in spec.pki.generations.items():
        place = ("pki", "generations", str(number))
        foreign = [*_foreign(place, generation)]
        yield from foreign
        # Nothing reads one that is not trusted: it may have ended.
        if number not in spec.pki.trusted:
            continue
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
        path = certificates(generation.certificate) + certificates(generation.chain)
        end, position = min((read(der).ends, at) for at, der in enumerate(path))
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
    signers = certificates(generation.certificate or "")
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
    parents = certificates(generation.chain)
    if generation.chain.strip() and not parents:
        yield Finding((*place, "chain"), "holds no certificate in PEM", "PEM blocks, root last")
    elif len(signers) == 1:
        facts, unread = _read([signers[0], *parents])
        yield from _blamed(place, unread) if unread else _path(place, facts, names)
        if key is not None and facts and not _belong_together(facts[0], key):
            yield Finding(
                (*place, "key"),
                "does not belong to the certificate: their public keys differ",
                "the private key that the certificate was made with",
            )


def _private_key(pem: str) -> tuple[PrivateKeyTypes | None, str]:
    """The key, or why there is none; the reason holds nothing of the key."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415

    if has_explicit_curve(pem):
        return None, _EXPLICIT
    if go_keys.is_only_pss(pem):
        return None, _ONLY_PSS
    try:
        key = go_keys.load(pem)
    except TypeError:
        return None, "is encrypted with a passphrase"
    except (ValueError, UnsupportedAlgorithm):
        return None, "is no private key in PEM"
    return (key, "") if go_keys.is_sound(key) else (None, "is no private key: its numbers differ")


def _belong_together(facts: Facts, key: PrivateKeyTypes) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    if public_key.fault(facts, root=True):
        # It gets words of its own.
        return True
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    public = public_key.load(facts).public_bytes(*form)
    return public == key.public_key().public_bytes(*form)


def _path(place: Place, given: Sequence[Facts], names: Sequence[str]) -> Iterator[Finding]:
    """The signer first: what is wrong with it is not the chain's. Certificates are counted as they
    are given."""
    order = in_order(given)
    facts = [given[position] for position in order]
    found = dict(faults(facts, names))
    if not facts[0].may_sign(root=len(facts) == 1):
        found.pop(0, "")
        yield Finding(
            (*place, "certificate"),
            "is not an authority's: it must not sign others",
            "the certificate of an authority (basic constraints CA:TRUE, key usage keyCertSign)",
        )
    links = list(_links((*place, "chain"), facts, order))
    yield from links
    above = min((at for at in found if at), default=0)
    shown = (at for at in found if at == 0 or (at == above and not links))
    yield from _blamed(place, {order[at]: found[at] for at in shown})


def _blamed(place: Place, found: Mapping[int, str]) -> Iterator[Finding]:
    for position, reason in found.items():
        if position:
            remedy = "parents that allow it, nearest first"
            yield Finding((*place, "chain"), f"certificate {position} of it {reason}", remedy)
        else:
            remedy = "the certificate of an authority that allows it"
            yield Finding((*place, "certificate"), reason, remedy)


def _read(path: Sequence[bytes]) -> tuple[list[Facts], dict[int, str]]:
    """What the certificates say, and the first that cannot be read, with the reason."""
    facts: list[Facts] = []
    for position, der in enumerate(path):
        try:
            facts.append(read(der))
        except UnreadableError as error:
            return facts, {position: f"cannot be read by Go: {error}"}
    return facts, {}


def _links(place: Place, path: Sequence[Facts], numbers: Sequence[int]) -> Iterator[Finding]:
    """Each certificate is signed by the next, each parent may sign, the last one is a root.

    Go would also trust an intermediate as the last one; OpenSSL and what rests on it, as curl and
    clients in other languages, do not, and they are given the same trust bundle.
    """
    for position, (child, parent) in enumerate(pairwise(path), 1):
        may = parent.may_sign(root=position == len(path) - 1)
        if not may or not is_issued(child, parent):
            reason = f"certificate {numbers[position]} of it did not sign the one before it"
            yield Finding(place, reason, _PARENTS)
            return
    # Its signature is nobody's concern: who trusts it has it.
    if path[-1].subject != path[-1].issuer:
        reason = "does not end in a root (a certificate that signed itself)"
        yield Finding(place, reason, _PARENTS)
