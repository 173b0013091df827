"""A member on its machine, as Pulumi resources: the way out, and its turn."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.context import ClusterContext
from components.machine.commands import NodeCommands, node_command, with_credentials
from components.machine.desired import desired_state
from components.machine.preparation.component import NodePreparation
from components.machine.settings import apply_settings, health_settings, leave_settings
from components.machine.text import apply_facts, health_facts, leave_facts
from components.member.command_text import command_texts
from components.member.credentials import Credentials
from components.member.member import BootstrapRecord, Member
from components.member.payload import pack
from components.member.transports import Command


class EtcdNode(pulumi.ComponentResource):
    """One member on its prepared machine. `leaving` takes it out of its cluster when the stack file
    names it no more, `applied` brings it to its desired state. Nobody is a member before the state
    knows the way out: an `up` may break off right behind it."""

    leaving: Command
    applied: Command
    digest: Output[str]
    """Changes with whatever reaches the node; secret."""

    def __init__(
        self,
        name: str,
        preparation: NodePreparation,
        context: ClusterContext,
        *,
        leave_before: Sequence[Any],
        turn: Sequence[Any],
        opts: ResourceOptions | None = None,
    ) -> None:
        """The member leaves before those of `leave_before` do. Its turn comes when everything in
        `turn` is done."""
        super().__init__("etcd-cluster:machine:EtcdNode", name, None, opts)
        self._member, self._context = preparation.member, context
        self._commands = NodeCommands(name, self._member, self)
        self.leaving = self._leave([preparation.prepared, *leave_before])
        text = command_texts(self._member, "apply", apply_facts(self._member))
        sent = with_credentials(self._member, context, _turn)
        self.applied = self._commands.command("apply", text, sent, [self.leaving, *turn])
        self.digest = sent.apply(
            lambda payload: hashlib.sha256(f"{text.create}{payload}".encode()).hexdigest()
        )
        self.register_outputs({})

    def _leave(self, after: Sequence[Any]) -> Command:
        """A deletion of its own, in front of that of everything else the node has. The engine
        deletes in the opposite order, so those `after` which it comes leave later. When the cluster
        goes as a whole nobody leaves anybody."""
        member = self._member
        text = command_texts(member, "leave", leave_facts(member), undone_by="leave")
        stdin = self._context.bootstrap_record.apply(lambda record: _way_out(member, record))
        whole = self._context.stash
        return self._commands.command("leave", text, stdin, after, deleted_with=whole)


def health_command(
    name: str, member: Member, digests: Sequence[Output[str]], opts: ResourceOptions
) -> Command:
    """A look at the whole cluster from `member`'s machine, whenever something reached a node."""
    stdin = Output.all(*digests).apply(lambda seen: _question(member, "".join(seen)))
    text = command_texts(member, "health", health_facts(member))
    return node_command(name, member, text, stdin, opts)


def _way_out(member: Member, record: BootstrapRecord) -> str:
    return pack(leave_settings(member, record))


def _question(member: Member, seen: str) -> str:
    nodes = hashlib.sha256(seen.encode()).hexdigest()
    return pack({**health_settings(member), "nodes": nodes})


def _turn(member: Member, record: BootstrapRecord, credentials: Credentials) -> str:
    desired = desired_state(member, record, credentials)
    return pack(apply_settings(member, record, desired), desired.files)
