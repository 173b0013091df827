"""Chains of authorities of every kind, and what would be issued below them."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from components.spec.x509.der import elements

DAY = timedelta(days=1)
OID = x509.ObjectIdentifier
SERVER, CLIENT = OID("1.3.6.1.5.5.7.3.1"), OID("1.3.6.1.5.5.7.3.2")
OCSP, ANY = OID("1.3.6.1.5.5.7.3.9"), OID("2.5.29.37.0")
# Mersenne primes, so that nobody waits for a key of more than 8192 bits.
_LARGE_PRIMES = (2**4253 - 1, 2**4423 - 1)


def _rsa(bits: int, exponent: int = 65537) -> rsa.RSAPrivateKey:
    """cryptography makes keys of common exponents only."""
    numbers = rsa.generate_private_key(65537, bits).private_numbers()
    return _rsa_of(numbers.p, numbers.q, exponent)


def _rsa_of(p: int, q: int, exponent: int) -> rsa.RSAPrivateKey:
    order = math.lcm(p - 1, q - 1)
    while math.gcd(exponent, order) != 1:
        exponent += 2
    secret = pow(exponent, -1, order)
    return rsa.RSAPrivateNumbers(
        p, q, secret, secret % (p - 1), secret % (q - 1), pow(q, -1, p),
        rsa.RSAPublicNumbers(exponent, p * q),
    ).private_key(unsafe_skip_rsa_key_validation=True)  # fmt: skip


KINDS: dict[str, Callable[[], Any]] = {
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p224": lambda: ec.generate_private_key(ec.SECP224R1()),
    "k256": lambda: ec.generate_private_key(ec.SECP256K1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "rsa": lambda: _rsa(2048),
    "rsa-1024": lambda: _rsa(1024),
    "rsa-8676": lambda: _rsa_of(*_LARGE_PRIMES, 65537),
    "rsa-e31": lambda: _rsa(2048, 2**31 - 1),
    "rsa-e32": lambda: _rsa(2048, 2**32 + 1),
    # The certificate names the type id-RSASSA-PSS.
    "rsa-pss": lambda: _rsa(2048),
    # The type has no parameters; the point is compressed.
    "rsa-bare": lambda: _rsa(2048),
    "p256-short": lambda: ec.generate_private_key(ec.SECP256R1()),
}
_KEY_TYPES = {
    "rsa-pss": bytes.fromhex("300b06092a864886f70d01010a"),
    "rsa-bare": bytes.fromhex("300b06092a864886f70d010101"),
    "p256-short": bytes.fromhex("301306072a8648ce3d020106082a8648ce3d030107"),
}
_HASHES: dict[str, Any] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3-256": hashes.SHA3_256(),
}
# Signed with PSS where the signer's key is RSA: the hash, that of the mask, and length of the salt.
_PSS: dict[str, tuple[str, str, int]] = {
    "pss-256-32": ("sha256", "sha256", 32),
    "pss-384-48": ("sha384", "sha384", 48),
    "pss-512-64": ("sha512", "sha512", 64),
    "pss-256-20": ("sha256", "sha256", 20),
    "pss-256-222": ("sha256", "sha256", 222),
    "pss-512-32": ("sha512", "sha512", 32),
    "pss-224-28": ("sha224", "sha224", 28),
    "pss-256-mask-512": ("sha256", "sha512", 32),
}
# AlgorithmIdentifiers in DER that no library makes any more, for RSA and for ECDSA: SHA-1, then
# such as nobody implements. Those are never verified, so what signs does not matter.
_OLD: dict[str, tuple[str, str]] = {
    "sha1": ("300d06092a864886f70d0101050500", "300906072a8648ce3d0401"),
    "md5": ("300d06092a864886f70d0101040500", "300d06092a864886f70d0101040500"),
    "sha512-224": ("300d06092a864886f70d01010f0500", "300d06092a864886f70d01010f0500"),
    "sha512-256": ("300d06092a864886f70d0101100500", "300d06092a864886f70d0101100500"),
    "ripemd160": ("300a06062b24030301020500", "300a06062b24030301020500"),
}
DIGESTS = (*_HASHES, *_PSS, *_OLD)


@cache
def key_of(kind: str) -> Any:
    """One of each kind serves all, made when the first test needs it."""
    return KINDS[kind]()


@dataclass(frozen=True)
class Authority:
    """What one certificate of a chain says. Names and constraints are `DNS:…`, `IP:…`, `email:…`,
    `URI:…`, `RID:` or `dir:`; without a kind, a DNS name or a network."""

    key: str = "p256"
    usages: tuple[x509.ObjectIdentifier, ...] = ()
    path_length: int | None = None
    permitted: Sequence[str] = ()
    excluded: Sequence[str] = ()
    limits_critical: bool = True
    names: Sequence[str] = ()
    names_critical: bool = False
    explicit_policy: int | None = None
    ca: bool = True
    signs: bool = True
    begins: timedelta = -DAY
    ends: timedelta = 4000 * DAY
    critical: bool = False
    digest: str = "sha256"
    """Of its own signature, where the signer has a key for it."""
    serial: int | None = None
    version: int = 3
    """With 1 it has no extensions."""


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
        made.insert(0, _altered(_signed(builder, signer, said.digest), key, signer, said))
        above = subject, key
    return Chain(tuple(made), tuple(keys))


def _signed(builder: x509.CertificateBuilder, signer: Any, digest: str) -> x509.Certificate:
    if digest in _PSS and isinstance(signer, rsa.RSAPrivateKey):
        own, _, salt = _PSS[digest]
        scheme = _scheme(digest, _fitting(signer, salt))
        return builder.sign(signer, _HASHES[own], rsa_padding=scheme)
    return builder.sign(signer, _digest(signer, digest))


def _scheme(digest: str, salt: int) -> padding.PSS:
    return padding.PSS(padding.MGF1(_HASHES[_PSS[digest][1]]), salt)


def _fitting(signer: rsa.RSAPrivateKey, salt: int) -> int:
    """What a short key has room for."""
    return min(salt, signer.key_size // 8 - 66)


def _altered(
    certificate: x509.Certificate, key: Any, signer: Any, said: Authority
) -> x509.Certificate:
    """As said where no library makes such a certificate: changed in its DER and signed anew."""
    former = certificate.tbs_certificate_bytes
    head = 2 + (former[1] & 0x7F if former[1] & 0x80 else 0)
    parts = [bytes([tag]) + _length(len(held)) + held for tag, held in elements(former[head:])]
    algorithm = parts[2]
    if said.digest in _OLD and not isinstance(signer, ed25519.Ed25519PrivateKey):
        algorithm = bytes.fromhex(_OLD[said.digest][not isinstance(signer, rsa.RSAPrivateKey)])
    parts[2] = algorithm
    if said.serial is not None:
        parts[1] = b"\x02\x01" + said.serial.to_bytes(1, signed=True)
    if said.key in _KEY_TYPES:
        parts[6] = _public_key(said.key, key)
    if said.version == 1:
        parts = parts[1:7]
    whole = _sequence(b"".join(parts))
    if whole == former:
        return certificate
    signature = _signature(whole, signer, said.digest)
    bits = b"\x03" + _length(len(signature) + 1) + b"\0" + signature
    return x509.load_der_x509_certificate(_sequence(whole + algorithm + bits))


def _public_key(kind: str, key: Any) -> bytes:
    """What the certificate says of a key of another kind than a library would write."""
    public = key.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        held = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    else:
        held = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    return _sequence(_KEY_TYPES[kind] + b"\x03" + _length(len(held) + 1) + b"\0" + held)


def _signature(data: bytes, signer: Any, digest: str) -> bytes:
    if isinstance(signer, ed25519.Ed25519PrivateKey):
        return signer.sign(data)
    own = hashes.SHA1() if digest == "sha1" else _digest(signer, digest)
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        return signer.sign(data, ec.ECDSA(own))
    if digest in _PSS:
        hashed, _, salt = _PSS[digest]
        return bytes(signer.sign(data, _scheme(digest, _fitting(signer, salt)), _HASHES[hashed]))
    return bytes(signer.sign(data, padding.PKCS1v15(), own))


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
        found.append((_limits(said.permitted, said.excluded), said.limits_critical))
    if said.names:
        names = _sequence(b"".join(map(_general_name, said.names)))
        found.append((x509.UnrecognizedExtension(OID("2.5.29.17"), names), said.names_critical))
    if said.explicit_policy is not None:
        found.append((x509.PolicyConstraints(said.explicit_policy, None), True))
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
    return (
        None if isinstance(key, ed25519.Ed25519PrivateKey) else _HASHES.get(name, hashes.SHA256())
    )


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _limits(permitted: Sequence[str], excluded: Sequence[str]) -> x509.UnrecognizedExtension:
    """Written by hand, as cryptography refuses some that Go takes."""
    sides = b""
    for tag, names in ((0xA0, permitted), (0xA1, excluded)):
        trees = b"".join(_sequence(_general_name(each)) for each in names)
        sides += bytes([tag]) + _length(len(trees)) + trees if names else b""
    return x509.UnrecognizedExtension(OID("2.5.29.30"), _sequence(sides))


_TAGS = {"email": 0x81, "DNS": 0x82, "dir": 0xA4, "URI": 0x86, "IP": 0x87, "RID": 0x88}


def _general_name(text: str) -> bytes:
    kind, colon, value = text.partition(":")
    if not colon or kind not in _TAGS:
        kind, value = "IP" if "/" in text else "DNS", text
    content = {"IP": _address, "dir": _directory, "RID": _identifier}.get(kind, str.encode)(value)
    return bytes([_TAGS[kind]]) + _length(len(content)) + content


def _directory(_: str) -> bytes:
    return _subject("somewhere").public_bytes()


def _identifier(_: str) -> bytes:
    return b"\x2a\x03\x04"


def _address(text: str) -> bytes:
    """Of a network with its mask; hexadecimal digits stand for themselves."""
    if "/" in text:
        network = ipaddress.ip_network(text)
        return network.network_address.packed + network.netmask.packed
    try:
        return ipaddress.ip_address(text).packed
    except ValueError:
        return bytes.fromhex(text)
