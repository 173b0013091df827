"""The cluster: authority, members in their order, founding facts, and the final health check."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.node.component import EtcdNode, health_command
from components.node.layout import check_folders
from components.node.member import Founding, Member, members_of
from components.outputs import cluster_outputs
from components.pki.authority import Authority
from components.pki.leaf import Leaf
from components.spec import OPERATOR, Cluster


class EtcdCluster(pulumi.ComponentResource):
    """A TLS etcd cluster as `spec` describes it; `outputs` is what a stack exports of it.

    Relative folders of the spec count from `project`. Raises SpecError for what only shows there.
    """

    authority: Authority
    nodes: list[EtcdNode]
    outputs: dict[str, Any]

    def __init__(
        self, name: str, spec: Cluster, project: Path, opts: ResourceOptions | None = None
    ) -> None:
        members = members_of(spec, project)
        check_folders(member.layout for member in members)
        super().__init__("etcd-cluster:index:EtcdCluster", name, None, opts)
        child = ResourceOptions(parent=self)
        self.authority = Authority(f"{name}-authority", spec, opts=child)
        founding = self._founding(name, spec)
        self.nodes = [
            EtcdNode(f"{name}-{member.name}", member, founding, opts=child) for member in members
        ]
        self._leave_in_turn()
        self._converge_in_turn()
        health = health_command(
            f"{name}-health",
            next(member for member in members if member.node.reachable),
            [node.digest for node in self.nodes],
            ResourceOptions(parent=self, depends_on=[node.applied for node in self.nodes]),
        )
        self.outputs = {**cluster_outputs(spec, self.authority), "health": health.stdout}
        self.register_outputs(self.outputs)

    def _founding(self, name: str, spec: Cluster) -> Output[Founding]:
        """Remembered in the state at the first creation, whatever the stack file says later."""
        wanted = {node.name: node.peer_url for node in spec.resolved_nodes()}
        first = next(iter(self.authority.generations.values()))
        self._stash = pulumi.Stash(
            f"{name}-founding",
            input={
                "token": f"etcd-cluster-{spec.name}",
                "peer_urls": wanted,
                "authority": first.root_pem.apply(_digest),
            },
            opts=ResourceOptions(parent=self),
        )
        known = Output.all(self._stash.output, self._stash.urn)
        return known.apply(lambda seen: _founding(*seen))

    def _converge_in_turn(self) -> None:
        """One member after the other: a failure stops the chain with at most one member down."""
        turn: list[Any] = [node.prepared for node in self.nodes]
        for node in self.nodes:
            node.converge(self.authority.bundle, self._leaves(node.member), after=turn)
            turn = [node.applied]

    def _leave_in_turn(self) -> None:
        """A chain of its own: two members must not leave at once either."""
        before: list[Any] = []
        for node in self.nodes:
            node.leaves(self._stash, after=before)
            before = [node.leaving]

    def _leaves(self, member: Member) -> dict[str, Leaf]:
        """What `member`'s machine holds; the operator's only where people use it there."""
        leaves = dict(self.authority.nodes[member.name])
        if member.node.shell_profile is not None:
            leaves[OPERATOR] = self.authority.consumers[OPERATOR]
        return leaves


def _founding(remembered: Mapping[str, Any], urn: str) -> Founding:
    # The engine keeps no order in objects, and what reaches a node must not change by itself.
    peer_urls = dict(sorted(remembered["peer_urls"].items()))
    return Founding(remembered["token"], peer_urls, remembered.get("authority", ""), urn)


def _digest(root_pem: str) -> str:
    return hashlib.sha256(root_pem.encode()).hexdigest()[:16]
