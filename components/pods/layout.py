"""Where a pod has its files, and where this machine keeps the lock of those who change it."""

from __future__ import annotations

from pathlib import Path

from components.member.layout import Layout
from components.member.member import Member
from components.spec import Cluster

PKI = Path("/etc/etcd/pki")
VOLUME = Path("/var/lib/etcd")
LOCKS = ".kubernetes"


def pods_of(cluster: Cluster, project: Path) -> tuple[Member, ...]:
    """All members, in the order in which changes go through them. Their scripts run on this
    machine, with folders below that of the project."""
    return tuple(
        Member(cluster, node, _layout(project / LOCKS / cluster.name / node.name), project)
        for node in cluster.resolved_nodes()
    )


def _layout(locks: Path) -> Layout:
    programs = Path("/usr/local/bin")
    return Layout(
        root=VOLUME,
        config=PKI.parent,
        data=VOLUME / "member-1",
        binaries=programs,
        state=locks,
        log=VOLUME,
    )
