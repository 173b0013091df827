"""Chains of authorities of every kind, and what would be issued below them."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

DAY = timedelta(days=1)
OID = x509.ObjectIdentifier
SERVER, CLIENT = OID("1.3.6.1.5.5.7.3.1"), OID("1.3.6.1.5.5.7.3.2")
OCSP, ANY = OID("1.3.6.1.5.5.7.3.9"), OID("2.5.29.37.0")
KINDS: dict[str, Callable[[], Any]] = {
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p224": lambda: ec.generate_private_key(ec.SECP224R1()),
    "k256": lambda: ec.generate_private_key(ec.SECP256K1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
}


@cache
def key_of(kind: str) -> Any:
    """One of each kind serves all, made when the first test needs it."""
    return KINDS[kind]()


@dataclass(frozen=True)
class Authority:
    """What one certificate of a chain says."""

    key: str = "p256"
    usages: tuple[x509.ObjectIdentifier, ...] = ()
    path_length: int | None = None
    permitted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    ca: bool = True
    signs: bool = True
    begins: timedelta = -DAY
    ends: timedelta = 4000 * DAY
    critical: bool = False


@dataclass(frozen=True)
class Chain:
    """The signer first, the root last."""

    certificates: tuple[x509.Certificate, ...]
    keys: tuple[Any, ...]

    @property
    def generation(self) -> dict[str, str]:
        """As a stack file has it."""
        first, *parents = map(pem, self.certificates)
        key = self.keys[0].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return {"certificate": first, "key": key.decode(), "chain": "".join(parents)}

    @property
    def root(self) -> str:
        return pem(self.certificates[-1])

    def leaf(self, names: Sequence[str]) -> str:
        """What a member shows: a leaf for those names, and what leads to the root."""
        key = key_of("p256")
        builder = _begun("leaf", self.certificates[0].subject, key, -DAY, DAY)
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_name(each) for each in names]), critical=False
        ).add_extension(x509.ExtendedKeyUsage([SERVER, CLIENT]), critical=False)
        leaf = builder.sign(self.keys[0], _digest(self.keys[0]))
        return "".join(map(pem, (leaf, *self.certificates[:-1])))


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def chain(*authorities: Authority) -> Chain:
    """The signer first, the root last."""
    made: list[x509.Certificate] = []
    keys = [key_of(each.key) for each in authorities]
    above: tuple[x509.Name, Any] | None = None
    for number in reversed(range(len(authorities))):
        said, key = authorities[number], keys[number]
        subject = _subject(f"authority {number}")
        issuer, signer = above or (subject, key)
        builder = _begun(f"authority {number}", issuer, key, said.begins, said.ends)
        for extension, critical in _extensions(said):
            builder = builder.add_extension(extension, critical=critical)
        made.insert(0, builder.sign(signer, _digest(signer)))
        above = subject, key
    return Chain(tuple(made), tuple(keys))


def _extensions(said: Authority) -> list[tuple[x509.ExtensionType, bool]]:
    others = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "encipher_only", "decipher_only"),
    )
    usage = dict.fromkeys(others, False)
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(said.ca, said.path_length if said.ca else None), True),
        (x509.KeyUsage(key_cert_sign=said.signs, crl_sign=True, **usage), True),
    ]
    if said.usages:
        found.append((x509.ExtendedKeyUsage(said.usages), False))
    if said.permitted or said.excluded:
        permitted, excluded = ([_tree(each) for each in names] or None
                               for names in (said.permitted, said.excluded))  # fmt: skip
        found.append((x509.NameConstraints(permitted, excluded), True))
    if said.critical:
        found.append((x509.UnrecognizedExtension(OID("1.2.3.4"), b"\x05\x00"), True))
    return found


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _begun(
    name: str, issuer: x509.Name, key: Any, begins: timedelta, ends: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_subject(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )


def _digest(key: Any) -> Any:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _tree(text: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_network(text)) if "/" in text else x509.DNSName(text)
