"""A cluster of machines: all prepared at once, members in their turn, the final health check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.context import ClusterContext
from components.machine.component import EtcdNode, health_command
from components.machine.preparation.component import NodePreparation
from components.member.member import Member, members_of
from components.member.transports import Command
from components.turns import in_turn


class Machines(pulumi.ComponentResource):
    """All members on machines. `health` is the last word of the final look at them."""

    nodes: list[EtcdNode]
    health: Output[str]

    def __init__(
        self, name: str, context: ClusterContext, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("etcd-cluster:machine:Machines", name, None, opts)
        self._name, self._context = name, context
        self._within = ResourceOptions(parent=self)
        prepared = [self._prepare(member) for member in members_of(context.spec, context.project)]
        # Nobody's turn comes before all are known to start.
        rehearsed = [preparation.rehearsed for preparation in prepared]
        self.nodes = in_turn(prepared, rehearsed, self._node)
        self.health = Output.from_input(self._health([each.member for each in prepared]).stdout)
        self.register_outputs({"health": self.health})

    def _prepare(self, member: Member) -> NodePreparation:
        return NodePreparation(f"{self._name}-{member.name}", member, self._context, self._within)

    def _node(
        self, preparation: NodePreparation, turn: Sequence[Any], leave_before: Sequence[Any]
    ) -> EtcdNode:
        return EtcdNode(
            f"{self._name}-{preparation.member.name}",
            preparation,
            self._context,
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
