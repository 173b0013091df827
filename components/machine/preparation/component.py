"""A member's machine before anybody's turn, as Pulumi resources: prepared, and its start tried."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import ResourceOptions

from components.context import ClusterContext
from components.machine.clock import clock_settings
from components.machine.commands import NodeCommands, with_credentials
from components.machine.desired import desired_state
from components.machine.installs.push import push_copy
from components.machine.payload import clock_scripts, node_scripts
from components.machine.rehearsal import rehearsal_files
from components.machine.script_path import SCRIPT_PATH
from components.machine.settings import prepare_settings, rehearse_settings
from components.machine.text import prepare_facts, rehearse_facts
from components.member.command_text import command_texts
from components.member.credentials import Credentials
from components.member.member import BootstrapRecord, Member
from components.member.payload import pack
from components.member.transports import Command
from components.member.transports.ssh import connection


class NodePreparation(pulumi.ComponentResource):
    """All that touches nothing that runs, so all nodes do it at once. `prepared`: the machine has
    what etcd needs. `rehearsed`: etcd has started as the member would be started, beside it, so
    what etcd refuses is known before anybody restarts."""

    member: Member
    prepared: Command
    rehearsed: Command

    def __init__(
        self,
        name: str,
        member: Member,
        context: ClusterContext,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("etcd-cluster:machine:Preparation", name, None, opts)
        self.member = member
        self._context = context
        self._commands = NodeCommands(name, member, self)
        before = [self._clock()] if member.node.own_machine else []
        self.prepared = self._prepare([*before, *self._sent_binaries(before)])
        self.rehearsed = self._rehearse()
        self.register_outputs({})

    def _clock(self) -> Command:
        """The node's clock against this machine's, once: what was true of the time at the creation
        is no reason to ask again."""
        text = command_texts(self.member, "clock", {"node": self.member.name})
        stdin = self._context.bootstrap_record.apply(lambda _: _time_check(self.member))
        return self._commands.command("clock", text, stdin, ignore_changes=["stdin"])

    def _sent_binaries(self, after: Sequence[Any]) -> list[Any]:
        """What is copied to the node; nothing where it gets its binaries in another way."""
        node = self.member.node
        # Whether a machine that is away was ever sent anything, nobody knows here. To remove the
        # copy from the state needs no connection.
        if node.install.method != "push" or not node.reachable:
            return []
        name, opts = f"{self._commands.name}-binaries", self._commands.options(after)
        return [push_copy(name, self.member, connection(node), opts)]

    def _prepare(self, after: Sequence[Any]) -> Command:
        text = command_texts(self.member, "prepare", prepare_facts(self.member), undone_by="retire")
        # Behind the bootstrap record: members that may not change leave every node untouched.
        stdin = self._context.bootstrap_record.apply(
            lambda record: _preparation(self.member, record)
        )
        return self._commands.command("prepare", text, stdin, after)

    def _rehearse(self) -> Command:
        text = command_texts(self.member, "rehearse", rehearse_facts(self.member))
        stdin = with_credentials(self.member, self._context, _rehearsal)
        return self._commands.command("rehearse", text, stdin, [self.prepared])


def _time_check(member: Member) -> str:
    settings = clock_settings(member, int(time.time()))
    return pack(settings, scripts=clock_scripts(), script_path=SCRIPT_PATH)


def _preparation(member: Member, record: BootstrapRecord) -> str:
    settings = prepare_settings(member, record)
    return pack(settings, scripts=node_scripts(member), script_path=SCRIPT_PATH)


def _rehearsal(member: Member, record: BootstrapRecord, credentials: Credentials) -> str:
    desired = desired_state(member, record, credentials)
    files = rehearsal_files(member, record, credentials)
    return pack(rehearse_settings(member, desired), files)
