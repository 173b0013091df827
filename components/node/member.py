"""What is known of a member before any certificate exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from components.node.layout import Layout, layout_of
from components.spec import Cluster, NodeSettings


@dataclass(frozen=True)
class Member:
    """A node of a cluster and its place in the order of changes. Relative folders of the stack
    file count from `project`."""

    cluster: Cluster
    node: NodeSettings
    layout: Layout
    project: Path

    @property
    def name(self) -> str:
        """The node's name, which is its etcd member name too."""
        return self.node.name

    @property
    def version(self) -> str:
        """The etcd release that it runs."""
        return self.cluster.version

    @property
    def apart(self) -> bool:
        """Whether it has a machine of its own, with its own users and its own clock."""
        return self.node.transport != "local"

    @property
    def others(self) -> tuple[NodeSettings, ...]:
        """The other nodes, in the order of changes."""
        return tuple(n for n in self.cluster.resolved_nodes() if n.name != self.name)

    @property
    def heir(self) -> str:
        """Who gets leadership before this member restarts: the one that was changed longest ago,
        so that it need not move again and clients have come back to it; for the first in turn,
        the last. (Proposals that a follower forwards, or the old leader takes, in the instant of
        a handover are dropped by raft; the heir's own are not.)"""
        names = tuple(self.cluster.nodes)
        return names[-1] if self.name == names[0] else names[0]

    @property
    def quorum(self) -> int:
        """How many members make a majority."""
        return len(self.cluster.nodes) // 2 + 1


@dataclass(frozen=True)
class Founding:
    """What a cluster was founded with; it never changes while the cluster lives. `authority` tells
    this cluster from another one of the same name: a digest of its first root certificate."""

    token: str
    peer_urls: Mapping[str, str]
    authority: str = ""


def members_of(cluster: Cluster, project: Path) -> tuple[Member, ...]:
    """All members, in the order in which changes go through them."""
    return tuple(
        Member(
            cluster=cluster,
            node=node,
            layout=layout_of(node, project),
            project=project,
        )
        for node in cluster.resolved_nodes()
    )
