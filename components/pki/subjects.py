"""Who a certificate says it is: pure functions from the spec to a distinguished name."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from components.pki.roles import CA, CLIENT, Role
from components.spec.models.cluster import Consumer
from components.spec.models.pki import Pki

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
    suffix, number = "-etcd-ca", "" if generation == 1 else f"-{generation}"
    shown = cluster_name[: _COMMON_NAME_MAX - len(suffix) - len(number)]
    subject = _subject(pki, CA, f"{shown}{suffix}")
    return replace(subject, common_name=f"{subject.common_name}{number}")


def intermediate_subject(pki: Pki, generation: int) -> Subject:
    """The signer under a self-made root."""
    return Subject(f"etcd-intermediate-{generation}", **pki.subject.model_dump())


def node_subject(pki: Pki, role: Role, node_name: str) -> Subject:
    """A certificate that stays on its node: the node's name; in classic the role's."""
    return _subject(pki, role, node_name)


def consumer_subject(pki: Pki, consumer: Consumer) -> Subject:
    """A consumer's own names, its organization before that of the cluster or the profile."""
    subject = _subject(pki, CLIENT, consumer.common_name)
    return replace(subject, organization=consumer.organization or subject.organization)


def _subject(pki: Pki, role: Role, common_name: str) -> Subject:
    subject = Subject(common_name=common_name, **pki.subject.model_dump())
    return replace(subject, **role.classic_subject) if pki.profile == "classic" else subject
