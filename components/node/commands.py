"""Commands of a member's machine as resources: texts, payloads, options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.basis import Basis
from components.node.credentials import Credentials, Pair
from components.node.member import Founding, Member
from components.node.transports import TRANSPORTS, Command, CommandText
from components.pki.authority import Authority
from components.pki.leaf import Leaf
from components.spec import OPERATOR


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
    member: Member, basis: Basis, pack_for: Callable[[Member, Founding, Credentials], str]
) -> Output[str]:
    """The payload of an action that needs the member's certificates and keys."""
    pairs = {
        role: Output.all(leaf.certificate_pem, leaf.key_pem, leaf.not_before)
        for role, leaf in _leaves(member, basis.authority).items()
    }
    known = Output.all(bundle=basis.authority.bundle, founding=basis.founding, pairs=pairs)
    return Output.secret(
        known.apply(lambda values: pack_for(member, values["founding"], _credentials(values)))
    )


def _leaves(member: Member, authority: Authority) -> dict[str, Leaf]:
    """What `member`'s machine holds; the operator's only where people use it there."""
    leaves = dict(authority.nodes[member.name])
    if member.node.shell_profile is not None:
        leaves[OPERATOR] = authority.consumers[OPERATOR]
    return leaves


def _credentials(values: Mapping[str, Any]) -> Credentials:
    pairs = values["pairs"]
    return Credentials(
        bundle=values["bundle"],
        pairs={role: Pair(certificate, key) for role, (certificate, key, _) in pairs.items()},
        valid_from=max(_unix_time(not_before) for _, _, not_before in pairs.values()),
    )


def _unix_time(rfc3339: str) -> int:
    return int(datetime.fromisoformat(rfc3339).timestamp())
