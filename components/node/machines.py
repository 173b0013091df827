"""All members as machines: each in its turn, each with its way out, and a look at the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.basis import Basis
from components.node.component import EtcdNode, health_command
from components.node.member import Member, members_of
from components.pki.authority import Authority
from components.pki.leaf import Leaf
from components.spec import OPERATOR


def bring_up(name: str, basis: Basis, parent: pulumi.Resource) -> Output[str]:
    """The members, as children of `parent`; what the final health check says."""
    members = members_of(basis.spec, basis.project)
    child = ResourceOptions(parent=parent)
    nodes = [
        EtcdNode(f"{name}-{member.name}", member, basis.founding, opts=child) for member in members
    ]
    _leave_in_turn(nodes, basis.stash)
    _converge_in_turn(nodes, basis.authority)
    health = health_command(
        f"{name}-health",
        next(member for member in members if member.node.reachable),
        [node.digest for node in nodes],
        ResourceOptions(parent=parent, depends_on=[node.applied for node in nodes]),
    )
    return Output.from_input(health.stdout)


def _converge_in_turn(nodes: Sequence[EtcdNode], authority: Authority) -> None:
    """All are tried at once, then one member after the other: a failure stops the chain with at
    most one member down."""
    for node in nodes:
        node.rehearse(authority.bundle, _leaves(node.member, authority))
    turn: list[Any] = [node.rehearsed for node in nodes]
    for node in nodes:
        node.converge(authority.bundle, _leaves(node.member, authority), after=turn)
        turn = [node.applied]


def _leave_in_turn(nodes: Sequence[EtcdNode], stash: pulumi.Resource) -> None:
    """Two members must not leave at once either. Each depends on all before it: the engine looks
    at direct dependencies among those that go, and whoever was between them may stay."""
    before: list[Any] = []
    for node in nodes:
        node.leaves(stash, after=before)
        before = [*before, node.leaving]


def _leaves(member: Member, authority: Authority) -> dict[str, Leaf]:
    """What `member`'s machine holds; the operator's only where people use it there."""
    leaves = dict(authority.nodes[member.name])
    if member.node.shell_profile is not None:
        leaves[OPERATOR] = authority.consumers[OPERATOR]
    return leaves
