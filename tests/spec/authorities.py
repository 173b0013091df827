"""External authorities for tests, made with cryptography."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Made:
    """A certificate and its key, as PEM and as objects."""

    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key(self) -> str:
        return self._key(NoEncryption())

    @property
    def locked_key(self) -> str:
        return self._key(BestAvailableEncryption(b"passphrase"))

    def _key(self, encryption: NoEncryption | BestAvailableEncryption) -> str:
        form = (Encoding.PEM, PrivateFormat.PKCS8)
        return self.private.private_bytes(*form, encryption).decode()


def make(
    name: str,
    signer: Made | None = None,
    *,
    ca: bool | None = True,
    may_sign: bool | None = None,
    begins: timedelta = -DAY,
    ends: timedelta = 4000 * DAY,
) -> Made:
    """A certificate signed by `signer`, or by itself; `None` leaves an extension out."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer.certificate.subject if signer else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, None), critical=True)
    if may_sign is not None:
        builder = builder.add_extension(_usage(may_sign=may_sign), critical=True)
    certificate = builder.sign(signer.private if signer else private, hashes.SHA256())
    return Made(certificate, private)


def _usage(*, may_sign: bool) -> x509.KeyUsage:
    others = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "encipher_only", "decipher_only"),
    )
    # Without any usage it could be used for all, says Go.
    return x509.KeyUsage(key_cert_sign=may_sign, crl_sign=True, **dict.fromkeys(others, False))
