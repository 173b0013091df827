"""What is known of a member before any certificate exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from components.member.layout import Layout, layout_of
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
    def others(self) -> tuple[NodeSettings, ...]:
        """The other nodes, in the order of changes."""
        return tuple(n for n in self.cluster.resolved_nodes() if n.name != self.name)

    @property
    def unreachable(self) -> tuple[str, ...]:
        """The nodes that get no commands."""
        return tuple(n.name for n in self.cluster.resolved_nodes() if not n.reachable)

    @property
    def transfer_candidates(self) -> tuple[str, ...]:
        """Who gets leadership before this member restarts, the best first: whoever was changed
        longest ago, so that it need not move again and clients have come back to it; then the last
        in turn. (Proposals that a follower forwards, or the old leader takes, in the instant of a
        handover are dropped by raft; the transferee's own are not.)"""
        names = tuple(self.cluster.nodes)
        turn = names.index(self.name)
        able = {node.name for node in self.others if node.reachable}
        return tuple(n for n in (*names[:turn], *reversed(names[turn + 1 :])) if n in able)

    @property
    def quorum(self) -> int:
        """How many members make a majority."""
        return len(self.cluster.nodes) // 2 + 1


@dataclass(frozen=True)
class BootstrapRecord:
    """What a cluster was founded with; it never changes, whoever joins or leaves later. `authority`
    tells this cluster from another one of the same name: a digest of its first root certificate.
    `urn` is the resource that remembers all this."""

    token: str
    peer_urls: Mapping[str, str]
    authority: str = ""
    urn: str = ""

    def differs_from(self, cluster: Cluster) -> str:
        """In words, what the stack file says otherwise by now; empty if nothing. A cluster that has
        never lived must not be founded so."""
        wanted = {node.name: node.peer_url for node in cluster.resolved_nodes()}
        if self.peer_urls == wanted:
            return ""
        return f"was founded with {_listed(self.peer_urls)}, the stack file names {_listed(wanted)}"


def _listed(peer_urls: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({url})" for name, url in sorted(peer_urls.items()))


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


def trust_of(cluster: Cluster) -> dict[str, str]:
    """Which authority generations sign and are trusted."""
    return {
        "signing": str(cluster.pki.signing),
        "trusted": ",".join(map(str, cluster.pki.trusted)),
    }
