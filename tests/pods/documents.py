"""Every object that a cluster of pods has in Kubernetes, whole, as it reaches an API server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.member.member import Member
from components.pods import objects
from components.pods.manifests import services
from components.pods.manifests.budget import disruption_budget
from components.pods.manifests.entry import bootstrap_guard
from components.pods.manifests.names import (
    consumer_secret,
    entry_map,
    labels,
    member_labels,
    pki_secret,
)
from components.pods.manifests.policy import network_policy
from components.pods.manifests.secrets import consumer_data, pki_data
from components.pods.manifests.statefulset import stateful_set
from tests.node.stack_files import credentials
from tests.pods.pod_members import place_of, record_of

Document = dict[str, Any]


def documents(member: Member) -> dict[str, Document]:
    """Those that all share, with the first consumer's, and those of `member`, by a short name."""
    return {**_shared(member), **_own(member)}


def _shared(member: Member) -> dict[str, Document]:
    cluster, place = member.cluster, place_of(member)
    known_by = labels(cluster)
    consumer = consumer_data("bundle\n", "certificate\n", "key\n")

    def meta(name: str) -> Document:
        return objects.metadata(place, name, known_by)

    return {
        "members": _whole(
            "v1", "Service", meta(place.service), spec=services.headless_service(cluster)
        ),
        "clients": _whole(
            "v1", "Service", meta(place.client_service), spec=services.client_service(cluster)
        ),
        "budget": _whole(
            "policy/v1", "PodDisruptionBudget", meta(place.service), spec=disruption_budget(cluster)
        ),
        "policy": _whole(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            meta(place.service),
            spec=network_policy(cluster, place),
        ),
        "consumer": _whole(
            "v1",
            "Secret",
            meta(consumer_secret(place.service, cluster.consumer_names[0])),
            type="kubernetes.io/tls",
            data=consumer,
        ),
    }


def _own(member: Member) -> dict[str, Document]:
    place = place_of(member)

    def meta(name: str, annotations: Mapping[str, str] | None = None) -> Document:
        return objects.metadata(
            place, name, member_labels(member.cluster, member.name), annotations
        )

    signing = {"etcd-cluster/signing": str(member.cluster.pki.signing)}
    return {
        "pki": _whole(
            "v1",
            "Secret",
            meta(pki_secret(member.name), signing),
            type="Opaque",
            data=pki_data(credentials()),
        ),
        "entry": _whole(
            "v1", "ConfigMap", meta(entry_map(member.name)), data=bootstrap_guard(member)
        ),
        "pod": _whole(
            "apps/v1",
            "StatefulSet",
            meta(member.name),
            spec=stateful_set(member, record_of(member), place, "bundle\n"),
        ),
    }


def _whole(version: str, kind: str, meta: Document, **content: Any) -> Document:
    return {"apiVersion": version, "kind": kind, "metadata": meta, **content}
