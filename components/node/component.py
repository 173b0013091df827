"""A member on its machine as Pulumi resources: `prepare` and `apply`."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.node.clock import clock_settings
from components.node.credentials import Credentials, Pair
from components.node.desired import desired_state
from components.node.installs.push import push_copy
from components.node.member import Founding, Member
from components.node.payload import pack, scripts_of
from components.node.rehearsal import rehearsal_files
from components.node.settings import (
    apply_settings,
    health_settings,
    leave_settings,
    prepare_settings,
    rehearse_settings,
)
from components.node.text import (
    apply_facts,
    command_text,
    health_facts,
    leave_facts,
    prepare_facts,
    rehearse_facts,
)
from components.node.transports import TRANSPORTS, Command, CommandText
from components.node.transports.ssh import connection
from components.pki.leaf import Leaf


class EtcdNode(pulumi.ComponentResource):
    """One member. Preparing and rehearsing touch nothing that runs, so all nodes do it at once;
    `converge` then takes its turn in a chain."""

    member: Member
    prepared: Command
    rehearsed: Command
    leaving: Command
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
        before = [self._clock()] if member.node.own_machine else []
        self.prepared = self._prepare([*before, *self._sent_binaries(before)])

    def leaves(self, cluster: pulumi.Resource, after: Sequence[Any]) -> None:
        """What takes the member out of its cluster when the stack file names it no more: a deletion
        of its own, in front of that of everything else the node has. When `cluster` goes as a whole
        nobody leaves anybody. Those `after` which it comes leave later: the engine deletes in the
        opposite order, so one at a time."""
        text = CommandText(
            create=command_text(self.member, "leave", "create", leave_facts(self.member)),
            update=command_text(self.member, "leave", "update", {}),
            delete=command_text(self.member, "leave", "delete", {}),
        )
        stdin = self._founding.apply(lambda founding: _way_out(self.member, founding))
        after = [self.prepared, *after]
        self.leaving = self._command(
            "leave", text, Output.secret(stdin), after, deleted_with=cluster
        )

    def _clock(self) -> Command:
        """The node's clock against this machine's, once: what was true of the time at the creation
        is no reason to ask again."""
        text = CommandText(
            create=command_text(self.member, "clock", "create", {"node": self.member.name}),
            update=command_text(self.member, "clock", "update", {}),
        )
        stdin = self._founding.apply(lambda _: _time_check(self.member))
        return self._command("clock", text, Output.secret(stdin), ignore_changes=["stdin"])

    def _sent_binaries(self, after: Sequence[Any]) -> list[Any]:
        """What is copied to the node; nothing where it gets its binaries in another way."""
        node = self.member.node
        # Whether a machine that is away was ever sent anything, nobody knows here. To remove the
        # copy from the state needs no connection.
        if node.install.method != "push" or not node.reachable:
            return []
        opts = self._options(after)
        return [push_copy(f"{self._name}-binaries", self.member, connection(node), opts)]

    def _prepare(self, after: Sequence[Any]) -> Command:
        text = CommandText(
            create=command_text(self.member, "prepare", "create", prepare_facts(self.member)),
            update=command_text(self.member, "prepare", "update", {}),
            delete=command_text(self.member, "retire", "delete", {}),
        )
        # Behind the founding facts: members that may not change leave every node untouched.
        stdin = self._founding.apply(lambda founding: _preparation(self.member, founding))
        return self._command("prepare", text, Output.secret(stdin), after)

    def rehearse(self, bundle: Output[str], leaves: Mapping[str, Leaf]) -> None:
        """Starts etcd as the member would be started, beside it: what etcd refuses is known before
        anybody restarts."""
        text = CommandText(
            create=command_text(self.member, "rehearse", "create", rehearse_facts(self.member)),
            update=command_text(self.member, "rehearse", "update", {}),
        )
        sent = _sent(self.member, bundle, leaves, self._founding, _rehearsal)
        self.rehearsed = self._command("rehearse", text, sent, [self.prepared])

    def converge(
        self,
        bundle: Output[str],
        leaves: Mapping[str, Leaf],
        after: Sequence[Any],
    ) -> None:
        """Brings the member to its desired state, once everything in `after` is done. Nobody is a
        member before the state knows the way out: an `up` may break off right behind it."""
        payload = _sent(self.member, bundle, leaves, self._founding, _turn)
        text = CommandText(
            create=command_text(self.member, "apply", "create", apply_facts(self.member)),
            update=command_text(self.member, "apply", "update", {}),
        )
        self.applied = self._command("apply", text, payload, [self.leaving, *after])
        self.digest = payload.apply(
            lambda sent: hashlib.sha256(f"{text.create}{sent}".encode()).hexdigest()
        )
        self.register_outputs({})

    def _command(
        self,
        action: str,
        text: CommandText,
        stdin: Output[str],
        after: Sequence[Any] = (),
        **options: Any,
    ) -> Command:
        opts = self._options(after, **options)
        if not self.member.node.reachable:
            text = replace(text, create=None)
        return _command(f"{self._name}-{action}", self.member, text, stdin, opts)

    def _options(self, after: Sequence[Any], **options: Any) -> ResourceOptions:
        """A machine that is away keeps in the state what it had, and leaves it without a word. What
        it had not is made in the state alone."""
        if not self.member.node.reachable:
            options |= {"ignore_changes": ["*"], "retain_on_delete": True}
        return ResourceOptions(parent=self, depends_on=list(after), **options)


def health_command(
    name: str, member: Member, digests: Sequence[Output[str]], opts: ResourceOptions
) -> Command:
    """A look at the whole cluster from `member`'s machine, whenever something reached a node."""
    stdin = Output.all(*digests).apply(lambda seen: _question(member, "".join(seen)))
    text = CommandText(
        create=command_text(member, "health", "create", health_facts(member)),
        update=command_text(member, "health", "update", {}),
    )
    return _command(name, member, text, stdin, opts)


def _command(
    name: str, member: Member, text: CommandText, stdin: Output[str], opts: ResourceOptions
) -> Command:
    return TRANSPORTS[member.node.transport].command(name, member.node, text, stdin, opts)


def _time_check(member: Member) -> str:
    return pack(clock_settings(member, int(time.time())), scripts_of(member, "clock"))


def _unix_time(rfc3339: str) -> int:
    return int(datetime.fromisoformat(rfc3339).timestamp())


def _preparation(member: Member, founding: Founding) -> str:
    scripts = scripts_of(member, "prepare", "retire")
    return pack(prepare_settings(member, founding), scripts)


def _way_out(member: Member, founding: Founding) -> str:
    return pack(leave_settings(member, founding), scripts_of(member, "leave"))


def _question(member: Member, seen: str) -> str:
    nodes = hashlib.sha256(seen.encode()).hexdigest()
    return pack({**health_settings(member), "nodes": nodes}, scripts_of(member, "health"))


def _sent(
    member: Member,
    bundle: Output[str],
    leaves: Mapping[str, Leaf],
    founding: Output[Founding],
    pack_for: Callable[[Member, Founding, Credentials], str],
) -> Output[str]:
    """The payload of an action that needs the member's certificates and keys."""
    pairs = {
        role: Output.all(leaf.certificate_pem, leaf.key_pem, leaf.not_before)
        for role, leaf in leaves.items()
    }
    known = Output.all(bundle=bundle, founding=founding, pairs=pairs)
    return Output.secret(
        known.apply(lambda values: pack_for(member, values["founding"], _credentials(values)))
    )


def _credentials(values: Mapping[str, Any]) -> Credentials:
    pairs = values["pairs"]
    return Credentials(
        bundle=values["bundle"],
        pairs={role: Pair(certificate, key) for role, (certificate, key, _) in pairs.items()},
        valid_from=max(_unix_time(not_before) for _, _, not_before in pairs.values()),
    )


def _rehearsal(member: Member, founding: Founding, credentials: Credentials) -> str:
    desired = desired_state(member, founding, credentials)
    files = rehearsal_files(member, founding, credentials)
    return pack(rehearse_settings(member, desired), scripts_of(member, "rehearse"), files)


def _turn(member: Member, founding: Founding, credentials: Credentials) -> str:
    desired = desired_state(member, founding, credentials)
    settings = apply_settings(member, founding, desired)
    return pack(settings, scripts_of(member, "apply"), desired.files)
