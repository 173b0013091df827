"""What the scripts need to know of a cluster of pods: name=value lines, read as data."""

from __future__ import annotations

from components.member.member import BootstrapRecord, Member
from components.member.settings import membership_settings, whole_settings
from components.member.timeouts import TIMEOUTS
from components.member.version_steps import version_steps
from components.pods.layout import PKI, VOLUME
from components.pods.manifests.names import selector
from components.pods.rehearsal import rehearsal_settings
from components.spec.models.kubernetes import Kubernetes

_KUBE_TIMEOUT_S = 20
# A kubelet looks at each pod once a minute at least, and at its own copy of Secrets as often.
_FILES_TIMEOUT_S = 180


def pod_settings(member: Member, pods: Kubernetes) -> dict[str, str]:
    """For every action."""
    nodes = member.cluster.resolved_nodes()
    return {
        **membership_settings(member),
        "name": member.name,
        "version": member.version,
        "preparation_steps": "",
        "namespace": pods.namespace,
        "context": pods.context or "",
        "selector": selector(member.cluster),
        "pki_dir": str(PKI),
        "volume_dir": str(VOLUME),
        "other_names": " ".join(node.name for node in member.others),
        "peer_urls": ",".join(f"{node.name}={node.peer_url}" for node in nodes),
        "quorum": str(member.quorum),
        "bootstrap_timeout_ms": str(TIMEOUTS["kubernetes"].bootstrap_ms),
        "kube_timeout_s": str(_KUBE_TIMEOUT_S),
        "start_timeout_s": str(pods.start_timeout_s),
    }


def look_settings(member: Member, pods: Kubernetes) -> dict[str, str]:
    """For the look at the place, before anything is remembered."""
    return {
        **pod_settings(member, pods),
        "name": member.cluster.name,
        "storage_class": pods.storage.storage_class or "",
        "priority_class": pods.priority_class or "",
    }


def check_settings(member: Member, pods: Kubernetes, record: BootstrapRecord) -> dict[str, str]:
    """For the look at what is there, before anything is touched."""
    pki = member.cluster.pki
    return {
        **pod_settings(member, pods),
        **version_steps(member.version),
        "name": member.cluster.name,
        "authority": record.authority,
        "service": pods.service,
        "signing": str(pki.signing),
        "trusted": ",".join(map(str, pki.trusted)),
    }


def enter_settings(member: Member, pods: Kubernetes, record: BootstrapRecord) -> dict[str, str]:
    """For the way in."""
    founders = ",".join(f"{name}={url}" for name, url in record.peer_urls.items())
    return {
        **pod_settings(member, pods),
        "founder": "yes" if member.name in record.peer_urls else "",
        "founders": founders,
        "bootstrap_differs": record.differs_from(member.cluster),
        "bootstrap_urn": record.urn,
    }


def apply_settings(member: Member, pods: Kubernetes, cold: str, files: str) -> dict[str, str]:
    """For the pod's turn: `cold` is the digest of its template, `files` that of its Secret."""
    return {
        **pod_settings(member, pods),
        "transfer_candidates": " ".join(member.transfer_candidates),
        "snapshot_timeout_ms": str(TIMEOUTS["kubernetes"].snapshot_ms),
        "files_timeout_s": str(_FILES_TIMEOUT_S),
        "signing": str(member.cluster.pki.signing),
        "cold": cold,
        "files": files,
    }


def rehearse_settings(member: Member, pods: Kubernetes, cold: str) -> dict[str, str]:
    """For the start of a pod beside the member's own."""
    return {**pod_settings(member, pods), **rehearsal_settings(member), "cold": cold}


def health_settings(member: Member, pods: Kubernetes) -> dict[str, str]:
    """For the final look at the whole cluster."""
    return {**pod_settings(member, pods), **whole_settings(member)}
