"""Who a certificate says it is: pure functions from the spec to a distinguished name."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from components.pki.roles import CA, CLASSIC_CLIENT_ORGANIZATION, Role
from components.spec.cluster import Consumer
from components.spec.pki import Pki

_COMMON_NAME_MAX = 64  # RFC 5280, ub-common-name


@dataclass(frozen=True)
class Subject:
    """A distinguished name; what is None is left out."""

    common_name: str
    organization: str | None = None
    organizational_unit: str | None = None
    locality: str | None = None
    province: str | None = None
    country: str | None = None

    def arguments(self) -> dict[str, str | None]:
        """The fields as the tls plugin's subject classes take them."""
        return asdict(self)


def authority_subject(pki: Pki, cluster_name: str, generation: int) -> Subject:
    """A self-made root. Generations differ by name, so that a person can tell them apart."""
    number = "" if generation == 1 else f"-{generation}"
    suffix = f"etcd-ca{number}"
    if pki.profile == "classic":
        return _subject(pki, f"{CA.classic_common_name}{number}")
    shown = cluster_name[: _COMMON_NAME_MAX - len(suffix) - 1]
    return _subject(pki, f"{shown}-{suffix}")


def intermediate_subject(pki: Pki, generation: int) -> Subject:
    """The signer under a self-made root."""
    return _subject(pki, f"etcd-intermediate-{generation}")


def node_subject(pki: Pki, role: Role, node_name: str) -> Subject:
    """A certificate that stays on its node: the node's name; in classic the role's."""
    if pki.profile == "modern":
        return _subject(pki, node_name)
    subject = _subject(pki, role.classic_common_name)
    return replace(subject, organization=CLASSIC_CLIENT_ORGANIZATION) if role.is_client else subject


def consumer_subject(pki: Pki, consumer: Consumer) -> Subject:
    """A consumer's own names; its organization defaults to the cluster's, in classic to
    `system:masters` (document 001)."""
    subject = _subject(pki, consumer.common_name)
    default = CLASSIC_CLIENT_ORGANIZATION if pki.profile == "classic" else subject.organization
    return replace(subject, organization=consumer.organization or default)


def _subject(pki: Pki, common_name: str) -> Subject:
    return Subject(common_name=common_name, **pki.subject.model_dump())
