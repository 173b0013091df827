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
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
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


# AlgorithmIdentifiers in DER (RFC 3279, RFC 4055, RFC 5758): with SHA-256, and with SHA-1.
_ECDSA_ALGORITHMS = (
    bytes.fromhex("300a06082a8648ce3d040302"),
    bytes.fromhex("300906072a8648ce3d0401"),
)
_RSA_ALGORITHMS = (
    bytes.fromhex("300d06092a864886f70d01010b0500"),
    bytes.fromhex("300d06092a864886f70d0101050500"),
)


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
    digest: str = "sha256"
    """Of its own signature; `sha1` where the signer has a key for it."""


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

    def leaf(self, names: Sequence[str]) -> tuple[str, str]:
        """What a member shows: a leaf for those names, and what leads to the root; and its key."""
        key = key_of("p256")
        builder = _begun("leaf", self.certificates[0].subject, key, -DAY, DAY)
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_name(each) for each in names]), critical=False
        ).add_extension(x509.ExtendedKeyUsage([SERVER, CLIENT]), critical=False)
        leaf = builder.sign(self.keys[0], _digest(self.keys[0]))
        shown = "".join(map(pem, (leaf, *self.certificates[:-1])))
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return shown, secret.decode()


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
        certificate = builder.sign(signer, _digest(signer, said.digest))
        if said.digest == "sha1" and _digest(signer):
            certificate = _with_sha1(certificate, signer)
        made.insert(0, certificate)
        above = subject, key
    return Chain(tuple(made), tuple(keys))


def _with_sha1(certificate: x509.Certificate, signer: Any) -> x509.Certificate:
    """The same, signed anew: in DER, as no library makes such a certificate any more."""
    rsa_key = isinstance(signer, rsa.RSAPrivateKey)
    former, algorithm = _RSA_ALGORITHMS if rsa_key else _ECDSA_ALGORITHMS
    whole = certificate.tbs_certificate_bytes
    head = 2 + (whole[1] & 0x7F if whole[1] & 0x80 else 0)
    signed = _sequence(whole[head:].replace(former, algorithm, 1))
    if rsa_key:
        signature = signer.sign(signed, padding.PKCS1v15(), hashes.SHA1())
    else:
        signature = signer.sign(signed, ec.ECDSA(hashes.SHA1()))
    bits = b"\x03" + _length(len(signature) + 1) + b"\0" + signature
    return x509.load_der_x509_certificate(_sequence(signed + algorithm + bits))


def _sequence(content: bytes) -> bytes:
    return b"\x30" + _length(len(content)) + content


def _length(count: int) -> bytes:
    if count < 0x80:
        return bytes([count])
    return b"\x81" + bytes([count]) if count < 0x100 else b"\x82" + count.to_bytes(2)


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


def _digest(key: Any, name: str = "sha256") -> Any:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return None
    return {"sha384": hashes.SHA384(), "sha512": hashes.SHA512()}.get(name, hashes.SHA256())


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _tree(text: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_network(text)) if "/" in text else x509.DNSName(text)
