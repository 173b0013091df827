"""One generation of the authority: a self-made root, one with an intermediate, or an external CA.

A generation is made once. Later changes of algorithm, subject, profile or lifetime hold for leaves
and for generations to come; a root in use is never reissued under the feet of those who trust it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_tls as tls
from pulumi import Output, ResourceOptions

from components.pki.hours import hours
from components.pki.keys import key_arguments
from components.pki.leaf import Signer
from components.pki.pems import earliest_expiry, external_chain
from components.pki.roles import CA
from components.pki.subjects import authority_subject, intermediate_subject
from components.spec import Cluster
from components.spec.models.pki import Generation as GenerationSpec

_MADE_ONCE = ["algorithm", "ecdsa_curve", "rsa_bits"]
_ISSUED_ONCE = ["allowed_uses", "subject", "validity_period_hours"]


@dataclass(frozen=True)
class Generation:
    """What a generation gives: the root that others trust, and who signs below it."""

    root_pem: Output[str]
    signer: Signer
    not_after: Output[str]
    """When the root or, before it, the external signer ends, RFC 3339."""


def make_generation(
    name: str, number: int, cluster: Cluster, parent: pulumi.Resource
) -> Generation:
    """The generation as the stack file describes it; self-made where it says nothing."""
    described = cluster.pki.generations.get(number, GenerationSpec())
    if described.external:
        return _external(described)
    root = _self_made(name, number, cluster, parent)
    return _below(root, name, number, cluster, parent) if described.intermediate else root


def _external(described: GenerationSpec) -> Generation:
    certificate = described.certificate or ""
    key = described.key.get_secret_value() if described.key else ""
    chain = external_chain(certificate, described.chain)
    return Generation(
        root_pem=Output.from_input(chain.root),
        signer=Signer(certificate, Output.secret(key), chain.intermediates),
        not_after=Output.from_input(earliest_expiry([certificate, described.chain])),
    )


def _self_made(name: str, number: int, cluster: Cluster, parent: pulumi.Resource) -> Generation:
    """Protected while it signs: then neither a slip nor `destroy` can take it, and a generation
    can leave `trusted` only after another one has signed all leaves."""
    pki = cluster.pki
    protect = number == pki.signing and not cluster.throwaway
    key = tls.PrivateKey(
        name,
        **key_arguments(pki.algorithm),
        opts=ResourceOptions(parent=parent, protect=protect, ignore_changes=_MADE_ONCE),
    )
    root = tls.SelfSignedCert(
        name,
        private_key_pem=key.private_key_pem,
        subject=tls.SelfSignedCertSubjectArgs(
            **authority_subject(pki, cluster.name, number).arguments()
        ),
        is_ca_certificate=True,
        allowed_uses=list(CA.uses[pki.profile]),
        validity_period_hours=hours(pki.lifetimes.ca.validity),
        opts=ResourceOptions(parent=parent, protect=protect, ignore_changes=_ISSUED_ONCE),
    )
    return Generation(
        root_pem=root.cert_pem,
        signer=Signer(root.cert_pem, Output.secret(key.private_key_pem), ""),
        not_after=root.validity_end_time,
    )


def _below(
    root: Generation, name: str, number: int, cluster: Cluster, parent: pulumi.Resource
) -> Generation:
    """The same root with an intermediate that signs.

    Nobody trusts the intermediate itself, so it is renewed like a leaf and needs no protection.
    It carries no path length: the tls plugin cannot write the zero that belongs here.
    """
    pki = cluster.pki
    child = ResourceOptions(parent=parent)
    intermediate = f"{name}-intermediate"
    key = tls.PrivateKey(intermediate, **key_arguments(pki.algorithm), opts=child)
    request = tls.CertRequest(
        intermediate,
        private_key_pem=key.private_key_pem,
        subject=tls.CertRequestSubjectArgs(**intermediate_subject(pki, number).arguments()),
        opts=child,
    )
    certificate = tls.LocallySignedCert(
        intermediate,
        cert_request_pem=request.cert_request_pem,
        ca_cert_pem=root.signer.certificate_pem,
        ca_private_key_pem=root.signer.key_pem,
        is_ca_certificate=True,
        allowed_uses=list(CA.uses[pki.profile]),
        validity_period_hours=hours(pki.lifetimes.ca.validity),
        early_renewal_hours=hours(pki.lifetimes.ca.renew_before),
        opts=child,
    )
    return Generation(
        root_pem=root.root_pem,
        signer=Signer(
            certificate.cert_pem, Output.secret(key.private_key_pem), certificate.cert_pem
        ),
        not_after=root.not_after,
    )
