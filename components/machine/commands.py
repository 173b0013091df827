"""Commands of a member's machine as resources: texts, payloads, options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.context import ClusterContext
from components.member.credentials import Credentials
from components.member.issued import credentials_of
from components.member.member import BootstrapRecord, Member
from components.member.transports import TRANSPORTS, Command, CommandText


@dataclass(frozen=True)
class NodeCommands:
    """The commands of `member`'s machine, as children of the component `parent`. Each is called
    `<name>-<action>`."""

    name: str
    member: Member
    parent: pulumi.Resource

    def command(
        self,
        action: str,
        text: CommandText,
        stdin: Output[str],
        after: Sequence[Any] = (),
        **options: Any,
    ) -> Command:
        """`stdin` is made secret here."""
        opts = self.options(after, **options)
        if not self.member.node.reachable:
            text = replace(text, create=None)
        return node_command(f"{self.name}-{action}", self.member, text, Output.secret(stdin), opts)

    def options(self, after: Sequence[Any], **options: Any) -> ResourceOptions:
        """A machine that is away keeps in the state what it had, and leaves it without a word. What
        it had not is made in the state alone."""
        if not self.member.node.reachable:
            options |= {"ignore_changes": ["*"], "retain_on_delete": True}
        return ResourceOptions(parent=self.parent, depends_on=list(after), **options)


def node_command(
    name: str, member: Member, text: CommandText, stdin: Output[str], opts: ResourceOptions
) -> Command:
    """By the way that the node is reached."""
    return TRANSPORTS[member.node.transport].command(name, member.node, text, stdin, opts)


def with_credentials(
    member: Member,
    context: ClusterContext,
    pack_for: Callable[[Member, BootstrapRecord, Credentials], str],
) -> Output[str]:
    """The payload of an action that needs the member's certificates and keys."""
    known = Output.all(context.bootstrap_record, credentials_of(member, context.authority))
    return Output.secret(known.apply(lambda values: pack_for(member, *values)))
