"""One leaf: a key that stays, and a certificate that is reissued inside its renewal window."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_tls as tls
from pulumi import Output, ResourceOptions

from components.pki.hours import hours
from components.pki.keys import key_arguments
from components.pki.pems import join_certificates
from components.pki.sans import Sans
from components.pki.subjects import Subject
from components.spec.models.pki import Lifetime


@dataclass(frozen=True)
class Signer:
    """What issuing takes: the signing certificate and key, and what leads from it to the root."""

    certificate_pem: pulumi.Input[str]
    key_pem: pulumi.Input[str]
    intermediates_pem: pulumi.Input[str]


@dataclass(frozen=True)
class LeafSpec:
    """What a leaf says: plain values only."""

    subject: Subject
    sans: Sans
    uses: tuple[str, ...]
    algorithm: str
    lifetime: Lifetime


class Leaf(pulumi.ComponentResource):
    """A private key and its certificate.

    A renewal or another signer replaces the certificate and keeps the key; another algorithm
    replaces both. The running etcd re-reads them at the next handshake.
    """

    certificate_pem: Output[str]
    """The certificate, then the intermediates up to the root, without the root."""
    key_pem: Output[str]
    """The private key, secret."""
    not_after: Output[str]
    """When the certificate ends, RFC 3339."""
    not_before: Output[str]
    """When it begins, RFC 3339: the controller's time at its making."""

    def __init__(
        self, name: str, spec: LeafSpec, signer: Signer, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("etcd-cluster:pki:Leaf", name, None, opts)
        child = ResourceOptions(parent=self)
        key = tls.PrivateKey(name, **key_arguments(spec.algorithm), opts=child)
        request = tls.CertRequest(
            name,
            private_key_pem=key.private_key_pem,
            subject=tls.CertRequestSubjectArgs(**spec.subject.arguments()),
            dns_names=list(spec.sans.dns_names),
            ip_addresses=list(spec.sans.ip_addresses),
            opts=child,
        )
        certificate = tls.LocallySignedCert(
            name,
            cert_request_pem=request.cert_request_pem,
            ca_cert_pem=signer.certificate_pem,
            ca_private_key_pem=signer.key_pem,
            allowed_uses=list(spec.uses),
            validity_period_hours=hours(spec.lifetime.validity),
            early_renewal_hours=hours(spec.lifetime.renew_before),
            opts=child,
        )
        self.certificate_pem = Output.all(certificate.cert_pem, signer.intermediates_pem).apply(
            lambda pems: join_certificates(*pems)
        )
        self.key_pem = Output.secret(key.private_key_pem)
        self.not_after = certificate.validity_end_time
        self.not_before = certificate.validity_start_time
        self.register_outputs({"not_after": self.not_after})
