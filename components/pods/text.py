"""What a reviewer should see of a cluster of pods in a preview, one `name=value` a line."""

from __future__ import annotations

from components.member.member import Member, trust_of
from components.pods.manifests.pod import flags_shown, image
from components.spec.models.kubernetes import Kubernetes


def look_facts(member: Member, pods: Kubernetes) -> dict[str, str]:
    """Where the cluster is to live."""
    return {
        "cluster": member.cluster.name,
        "namespace": pods.namespace,
        "storage_class": pods.storage.storage_class or "",
    }


def check_facts(member: Member) -> dict[str, str]:
    """What the whole cluster is to be."""
    return {
        "members": " ".join(member.cluster.nodes),
        "version": member.version,
        **trust_of(member.cluster),
    }


def member_facts(member: Member) -> dict[str, str]:
    """Who enters or leaves."""
    return {"node": member.name}


def apply_facts(member: Member, pods: Kubernetes) -> dict[str, str]:
    """What a member is to run."""
    return {
        "node": member.name,
        "image": image(member, pods),
        **trust_of(member.cluster),
        **flags_shown(member),
    }


def health_facts(member: Member) -> dict[str, str]:
    """What the final health check is about."""
    return {"members": " ".join(member.cluster.nodes)}
