"""Chains of an external authority, judged as Go's crypto/x509 will judge the leaves below them.

etcd, the apiserver and the tls plugin are Go programs: what is refused here would fail in an `up`.
The root is only trusted: nobody looks at its own signature, but at its dates, usages and limits.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.x509 import Certificate

ExtensionType = TypeVar("ExtensionType", bound="x509.ExtensionType")
_BROKEN_HASHES = ("md5", "sha1")
_RSA_BITS = range(1024, 8193)
_CURVES = ("secp224r1", "secp256r1", "secp384r1", "secp521r1")
# Extensions that Go knows what to do with if they are critical.
_KNOWN_CRITICAL = (
    *("2.5.29.15", "2.5.29.19", "2.5.29.17", "2.5.29.30", "2.5.29.31", "2.5.29.37", "2.5.29.32"),
    *("2.5.29.33", "2.5.29.36", "2.5.29.54"),
)
_ANY_USAGE = "2.5.29.37.0"
_USAGES = {"1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.2": "clientAuth"}


def faults(path: Sequence[Certificate], names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Position in the path (signer first, root last) and why no leaf below it would be accepted.
    `names` are those in the leaves."""
    for position, certificate in enumerate(path):
        reason = (
            _date(certificate)
            or _key(certificate)
            or _critical(certificate)
            or _usages(certificate)
            or _length(certificate, position)
            or _names(certificate, names)
            or (_signature(certificate) if position < len(path) - 1 else "")
        )
        if reason:
            yield position, reason


def _date(certificate: Certificate) -> str:
    now = datetime.now(UTC)
    if certificate.not_valid_after_utc <= now:
        return f"ended on {certificate.not_valid_after_utc:%Y-%m-%d}"
    if certificate.not_valid_before_utc > now:
        return f"is valid from {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC only"
    return ""


def _key(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415

    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        few = key.key_size not in _RSA_BITS
        return f"has an RSA key of {key.key_size} bits, which Go refuses" if few else ""
    if isinstance(key, ec.EllipticCurvePublicKey):
        known = key.curve.name in _CURVES
        return "" if known else f"has a key on the curve {key.curve.name}, which Go does not know"
    known = isinstance(key, ed25519.Ed25519PublicKey)
    return "" if known else "has a key of a kind that Go does not know"


def broken_hash(certificate: Certificate) -> str:
    """The name of the hash in its signature, if Go refuses that; empty otherwise."""
    algorithm = certificate.signature_hash_algorithm
    return algorithm.name if algorithm and algorithm.name in _BROKEN_HASHES else ""


def extension(
    certificate: Certificate, kind: type[ExtensionType]
) -> x509.Extension[ExtensionType] | None:
    """Nothing if it has none of that kind. Raises ValueError for extensions that cannot be read."""
    from cryptography import x509  # noqa: PLC0415

    try:
        return certificate.extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None


def _signature(certificate: Certificate) -> str:
    name = broken_hash(certificate)
    return f"is signed with {name.upper()}, which Go refuses below a root" if name else ""


def _critical(certificate: Certificate) -> str:
    for extension in certificate.extensions:
        if extension.critical and extension.oid.dotted_string not in _KNOWN_CRITICAL:
            return f"has the critical extension {extension.oid.dotted_string}, which Go refuses"
    return ""


def _usages(certificate: Certificate) -> str:
    """Every certificate above a leaf has to allow what the leaf is used for, or name no usage."""
    from cryptography import x509  # noqa: PLC0415

    usage = extension(certificate, x509.ExtendedKeyUsage)
    if usage is None:
        return ""
    allowed = {each.dotted_string for each in usage.value}
    missing = [name for oid, name in _USAGES.items() if oid not in allowed]
    if not missing or _ANY_USAGE in allowed:
        return ""
    return (
        f"has extended key usages, and {' and '.join(missing)} not among them: no certificate "
        "below it may be used for that"
    )


def _length(certificate: Certificate, below: int) -> str:
    from cryptography import x509  # noqa: PLC0415

    limits = extension(certificate, x509.BasicConstraints)
    most = limits.value.path_length if limits else None
    if most is None or below <= most:
        return ""
    return f"allows {most} authorities below it (its path length); there are {below}"


def _names(certificate: Certificate, names: Sequence[str]) -> str:
    from cryptography import x509  # noqa: PLC0415

    limits = extension(certificate, x509.NameConstraints)
    if limits is None:
        return ""
    permitted, excluded = limits.value.permitted_subtrees, limits.value.excluded_subtrees
    for trees in (permitted or (), excluded or ()):
        if limits.critical and any(isinstance(each, x509.DirectoryName) for each in trees):
            return "has critical constraints of directory names, which Go refuses"
    for name in names:
        if any(_lies_in(name, each, wildly=True) for each in excluded or ()):
            return f"excludes {name} by its name constraints, which members have to be known by"
        own = [each for each in permitted or () if _is_of_kind(name, each)]
        if own and not any(_lies_in(name, each) for each in own):
            return f"does not permit {name} by its name constraints, which members are known by"
    return ""


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _is_of_kind(name: str, tree: x509.GeneralName) -> bool:
    from cryptography import x509  # noqa: PLC0415

    return isinstance(tree, x509.DNSName if _address(name) is None else x509.IPAddress)


def _lies_in(name: str, tree: x509.GeneralName, *, wildly: bool = False) -> bool:
    """`wildly`: a wildcard that may stand for a name in the tree does, too."""
    from cryptography import x509  # noqa: PLC0415

    address = _address(name)
    if isinstance(tree, x509.IPAddress):
        network = tree.value
        if address is None or isinstance(network, ipaddress.IPv4Address | ipaddress.IPv6Address):
            return False
        return address.version == network.version and address in network
    if not isinstance(tree, x509.DNSName) or address is not None:
        return False
    labels, limit = name.lower().split("."), tree.value.lower()
    if not limit:
        return True
    wanted = limit.removeprefix(".").split(".")
    if len(labels) < len(wanted) + limit.startswith("."):
        return False
    ends = labels[-len(wanted) :]
    return ends == wanted or (wildly and ends[0] == "*" and ends[1:] == wanted[1:])
