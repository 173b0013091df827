"""A cluster of machines: all prepared at once, members in their turn, the final health check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.basis import Basis
from components.node.component import EtcdNode, health_command
from components.node.member import Member, members_of
from components.node.preparation import NodePreparation
from components.node.transports import Command


class Machines(pulumi.ComponentResource):
    """All members on machines. `health` is the last word of the final look at them."""

    nodes: list[EtcdNode]
    health: Output[str]

    def __init__(self, name: str, basis: Basis, opts: ResourceOptions | None = None) -> None:
        super().__init__("etcd-cluster:node:Machines", name, None, opts)
        self._name, self._basis = name, basis
        self._within = ResourceOptions(parent=self)
        prepared = [self._prepare(member) for member in members_of(basis.spec, basis.project)]
        self.nodes = self._in_turn(prepared)
        self.health = Output.from_input(self._health([each.member for each in prepared]).stdout)
        self.register_outputs({"health": self.health})

    def _prepare(self, member: Member) -> NodePreparation:
        return NodePreparation(f"{self._name}-{member.name}", member, self._basis, self._within)

    def _in_turn(self, prepared: Sequence[NodePreparation]) -> list[EtcdNode]:
        """All have been tried, then one member after the other: a failure stops the chain with at
        most one member down. Two members must not leave at once either. Each depends on all before
        it: the engine looks at direct dependencies among those that go, and whoever was between
        them may stay."""
        turn: list[Any] = [preparation.rehearsed for preparation in prepared]
        leave_before: list[Any] = []
        nodes = []
        for preparation in prepared:
            node = self._node(preparation, leave_before, turn)
            turn = [node.applied]
            leave_before = [*leave_before, node.leaving]
            nodes.append(node)
        return nodes

    def _node(
        self, preparation: NodePreparation, leave_before: Sequence[Any], turn: Sequence[Any]
    ) -> EtcdNode:
        return EtcdNode(
            f"{self._name}-{preparation.member.name}",
            preparation,
            self._basis,
            leave_before=leave_before,
            turn=turn,
            opts=self._within,
        )

    def _health(self, members: Sequence[Member]) -> Command:
        """From a machine that is there."""
        asks = next(member for member in members if member.node.reachable)
        digests = [node.digest for node in self.nodes]
        opts = ResourceOptions(parent=self, depends_on=[node.applied for node in self.nodes])
        return health_command(f"{self._name}-health", asks, digests, opts)
