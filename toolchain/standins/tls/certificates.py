"""Certificates: signed by their own key, or by an authority for a request."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from toolchain.standins.tls import keys, names, requests, subject
from toolchain.standins.tls.errors import TlsError
from toolchain.standins.tls.pem import require_label
from toolchain.standins.tls.renewal import born_ready, rfc3339
from toolchain.standins.tls.uses import EXTENDED_KEY_USAGES, KEY_USAGE_BITS

Wanted = Mapping[str, Any]
SERIAL_BITS = 128
DER_OCTET_STRING_32 = b"\x04\x20"


@dataclass(frozen=True)
class Holder:
    """Whom a certificate is for."""

    name: x509.Name
    alternatives: Sequence[names.IssuedName]
    public_key: keys.PublicKey


@dataclass(frozen=True)
class Issuer:
    """Who signs it; `key_id` is what the certificate says about the issuer's key, if anything."""

    name: x509.Name
    key: keys.PrivateKey
    key_id: bytes | None


def self_signed(wanted: Wanted, now: datetime) -> dict[str, Any]:
    """The outputs of a new SelfSignedCert."""
    key = keys.read(wanted["privateKeyPem"], "private key")
    name = subject.from_property(wanted.get("subject", {}))
    holder = Holder(name, names.from_properties(wanted), key.public_key())
    own_id = _own_key_id(wanted, holder.public_key)
    if wanted["setAuthorityKeyId"] and own_id is None:
        raise TlsError(
            "Invalid Certificate Authority: Could not determine Authority Key Identifier"
        )
    issuer = Issuer(name, key, own_id if wanted["setAuthorityKeyId"] else None)
    return {"keyAlgorithm": keys.algorithm_of(key), **_issue(wanted, holder, issuer, now)}


def locally_signed(wanted: Wanted, now: datetime) -> dict[str, Any]:
    """The outputs of a new LocallySignedCert."""
    request = requests.read(wanted["certRequestPem"])
    key = keys.read(wanted["caPrivateKeyPem"], "CA private key")
    authority = read(wanted["caCertPem"])
    if authority.public_key() != key.public_key():
        raise TlsError(
            "Failed to create certificate: "
            "x509: provided PrivateKey doesn't match parent's PublicKey"
        )
    holder = Holder(
        subject.normalised(request.subject),
        names.from_request(request),
        request.public_key(),  # type: ignore[arg-type]
    )
    foreign = authority.subject.public_bytes() != holder.name.public_bytes()
    issuer = Issuer(authority.subject, key, _key_id_in(authority) if foreign else None)
    return {"caKeyAlgorithm": keys.algorithm_of(key), **_issue(wanted, holder, issuer, now)}


def read(pem: str) -> x509.Certificate:
    """The authority's certificate in a PEM text. Raises TlsError."""
    try:
        require_label(pem, "CERTIFICATE")
        return x509.load_pem_x509_certificate(pem.encode())
    except (TlsError, ValueError) as error:
        raise TlsError(f"Failed to parse CA certificate PEM: {error}") from error


def _issue(wanted: Wanted, holder: Holder, issuer: Issuer, now: datetime) -> dict[str, Any]:
    """Sign a certificate that is valid from now on, and give the outputs about it."""
    if wanted["isCaCertificate"] and not holder.name.rdns:
        raise TlsError(
            "Invalid Certificate Subject: Must contain at least one Distinguished Name "
            "when creating Certificate Authority (CA)"
        )
    serial = secrets.randbits(SERIAL_BITS)
    try:
        end = now + timedelta(hours=wanted["validityPeriodHours"])
        builder = x509.CertificateBuilder(
            issuer_name=issuer.name,
            subject_name=holder.name,
            public_key=holder.public_key,
            serial_number=serial,
            not_valid_before=now.replace(microsecond=0),
            not_valid_after=end.replace(microsecond=0),
        )
        for extension, critical in _extensions(wanted, holder, issuer):
            builder = builder.add_extension(extension, critical)
        certificate = builder.sign(issuer.key, keys.signature_hash(issuer.key))
    except (ValueError, OverflowError) as error:
        raise TlsError(f"Failed to create certificate: {error}") from error
    return {
        "id": str(serial),
        "certPem": certificate.public_bytes(Encoding.PEM).decode(),
        "validityStartTime": rfc3339(now),
        "validityEndTime": rfc3339(end),
        "readyForRenewal": born_ready(wanted),
    }


def _extensions(
    wanted: Wanted, holder: Holder, issuer: Issuer
) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """The certificate's extensions in their order, each with whether it is critical."""
    bits = {KEY_USAGE_BITS[use] for use in wanted["allowedUses"] if use in KEY_USAGE_BITS}
    if bits:
        yield x509.KeyUsage(**{bit: bit in bits for bit in KEY_USAGE_BITS.values()}), True
    extended = [use for use in wanted["allowedUses"] if use in EXTENDED_KEY_USAGES]
    if extended:
        oids = [x509.ObjectIdentifier(EXTENDED_KEY_USAGES[use]) for use in extended]
        yield x509.ExtendedKeyUsage(oids), False
    yield _basic_constraints(wanted), True
    own_id = _own_key_id(wanted, holder.public_key)
    if own_id:
        yield x509.SubjectKeyIdentifier(own_id), False
    if issuer.key_id:
        yield x509.AuthorityKeyIdentifier(issuer.key_id, None, None), False
    if holder.alternatives:
        without_name = not holder.name.rdns
        yield x509.SubjectAlternativeName(holder.alternatives), without_name


def _basic_constraints(wanted: Wanted) -> x509.BasicConstraints:
    # The official plugin cannot tell a path length of 0 from none.
    path_length = wanted.get("maxPathLength") or None
    if path_length and not wanted["isCaCertificate"]:
        raise ValueError("x509: only CAs are allowed to specify MaxPathLen")
    return x509.BasicConstraints(ca=wanted["isCaCertificate"], path_length=path_length)


def _own_key_id(wanted: Wanted, key: keys.PublicKey) -> bytes | None:
    """The identifier of the holder's key; every authority has one, others when asked for."""
    if not (wanted["setSubjectKeyId"] or wanted["isCaCertificate"]):
        return None
    if isinstance(key, ed25519.Ed25519PublicKey):
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return hashlib.sha1(DER_OCTET_STRING_32 + raw, usedforsecurity=False).digest()
    return x509.SubjectKeyIdentifier.from_public_key(key).digest


def _key_id_in(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(
            x509.SubjectKeyIdentifier
        ).value.digest
    except x509.ExtensionNotFound:
        return None
