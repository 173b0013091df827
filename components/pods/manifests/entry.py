"""What a member may enter when it starts without data; etcd reads it from its environment."""

from __future__ import annotations

from components.member.member import Member


def shut_door(member: Member) -> dict[str, str]:
    """Nothing: etcd finds nobody else to ask in a cluster that exists, and refuses to start empty.
    Scripts open it for the one start that is meant to be empty (`scripts/lib/door.sh`)."""
    return {
        "ETCD_DATA_DIR": str(member.layout.data),
        "ETCD_INITIAL_CLUSTER": f"{member.name}={member.node.peer_url}",
        "ETCD_INITIAL_CLUSTER_STATE": "existing",
    }
