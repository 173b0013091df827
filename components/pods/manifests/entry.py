"""The bootstrap guard: whether a member may start without data, from etcd's environment."""

from __future__ import annotations

from components.member.member import Member


def bootstrap_guard(member: Member) -> dict[str, str]:
    """The data of its ConfigMap, which forbids it: the member alone is named as a cluster that
    exists, so etcd finds no other member to ask and refuses to start empty. Scripts allow it for
    the one start that is meant to be empty (`scripts/lib/bootstrap_guard.sh`)."""
    return {
        "ETCD_DATA_DIR": str(member.layout.data),
        "ETCD_INITIAL_CLUSTER": f"{member.name}={member.node.peer_url}",
        "ETCD_INITIAL_CLUSTER_STATE": "existing",
    }
