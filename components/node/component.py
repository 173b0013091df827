"""A member on its machine as Pulumi resources: `prepare` and `apply`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.node.credentials import Credentials, Pair
from components.node.desired import desired_state
from components.node.member import Founding, Member
from components.node.payload import pack, scripts_of
from components.node.settings import apply_settings, health_settings, prepare_settings
from components.node.text import apply_facts, command_text, health_facts, prepare_facts
from components.node.transports import TRANSPORTS, Command, CommandText
from components.pki.leaf import Leaf


class EtcdNode(pulumi.ComponentResource):
    """One member. Preparing touches nothing that runs, so all nodes prepare at once; `converge`
    then takes its turn in a chain."""

    member: Member
    prepared: Command
    applied: Command
    digest: Output[str]
    """Changes with whatever reaches the node; secret."""

    def __init__(
        self,
        name: str,
        member: Member,
        founding: Output[Founding],
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("etcd-cluster:node:EtcdNode", name, None, opts)
        self._name = name
        self.member = member
        self._founding = founding
        facts = prepare_facts(member)
        self.prepared = self._command(
            "prepare",
            CommandText(
                create=command_text(member, "prepare", "create", facts),
                update=command_text(member, "prepare", "update", {}),
                delete=command_text(member, "retire", "delete", {}),
            ),
            # Behind the founding facts: members that may not change leave every node untouched.
            Output.secret(founding.apply(lambda _: _preparation(member))),
        )

    def converge(
        self,
        bundle: Output[str],
        leaves: Mapping[str, Leaf],
        after: Sequence[Any],
    ) -> None:
        """Brings the member to its desired state, once everything in `after` is done."""
        payload = _payload(self.member, bundle, leaves, self._founding)
        text = CommandText(
            create=command_text(self.member, "apply", "create", apply_facts(self.member)),
            update=command_text(self.member, "apply", "update", {}),
        )
        self.applied = self._command("apply", text, payload, after)
        self.digest = payload.apply(
            lambda sent: hashlib.sha256(f"{text.create}{sent}".encode()).hexdigest()
        )
        self.register_outputs({})

    def _command(
        self, action: str, text: CommandText, stdin: Output[str], after: Sequence[Any] = ()
    ) -> Command:
        opts = ResourceOptions(parent=self, depends_on=list(after))
        transport = TRANSPORTS[self.member.node.transport]
        return transport(f"{self._name}-{action}", text, stdin, opts)


def health_command(
    name: str, member: Member, digests: Sequence[Output[str]], opts: ResourceOptions
) -> Command:
    """A look at the whole cluster from `member`'s machine, whenever something reached a node."""
    stdin = Output.all(*digests).apply(lambda seen: _question(member, "".join(seen)))
    text = CommandText(
        create=command_text(member, "health", "create", health_facts(member)),
        update=command_text(member, "health", "update", {}),
    )
    return TRANSPORTS[member.node.transport](name, text, stdin, opts)


def _preparation(member: Member) -> str:
    return pack(prepare_settings(member), scripts_of(member, "prepare", "retire"))


def _question(member: Member, seen: str) -> str:
    nodes = hashlib.sha256(seen.encode()).hexdigest()
    return pack({**health_settings(member), "nodes": nodes}, scripts_of(member, "health"))


def _payload(
    member: Member, bundle: Output[str], leaves: Mapping[str, Leaf], founding: Output[Founding]
) -> Output[str]:
    pairs = {role: Output.all(leaf.certificate_pem, leaf.key_pem) for role, leaf in leaves.items()}
    known = Output.all(bundle=bundle, founding=founding, pairs=pairs)
    return Output.secret(known.apply(lambda values: _packed(member, values)))


def _packed(member: Member, values: Mapping[str, Any]) -> str:
    credentials = Credentials(
        bundle=values["bundle"],
        pairs={role: Pair(*pair) for role, pair in values["pairs"].items()},
    )
    desired = desired_state(member, values["founding"], credentials)
    return pack(apply_settings(member, desired), scripts_of(member, "apply"), desired.files)
