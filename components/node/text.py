"""The text of a command: facts for the reviewer and one line.

A preview shows the text, and the engine prints the whole of it before the reason of a failure. What
a reviewer should see of a change is in it, one `name=value` a line, and nothing secret ever is.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Literal

from components.node.desired import trust_of
from components.node.flags import changed_on_restart, etcd_flags
from components.node.member import Founding, Member
from components.node.parts import parts_of
from components.node.runtimes import RUNTIMES
from components.node.settings import render_settings
from components.node.timeouts import TIMEOUTS
from components.node.transports import TRANSPORTS, CommandText
from components.spec import Cluster

# A shell reads a line without the bytes behind it. Of half a line nothing is run.
RECEIVE = 'read -r script && script=$(echo "$script" | base64 -d) || exit; eval "$script"'
"""Runs the first line of what is sent, with the rest as its input."""

Action = Literal[
    "clock", "prepare", "rehearse", "apply", "health", "leave", "retire", "look", "check", "enter"
]
Mode = Literal["create", "update", "delete"]


def command_texts(
    member: Member, action: Action, facts: Mapping[str, str], undone_by: Action | None = None
) -> CommandText:
    """The texts of an action's life. At its deletion the node runs `undone_by`, if there is
    something to undo."""
    return CommandText(
        create=command_text(member, action, "create", facts),
        update=command_text(member, action, "update", {}),
        delete=command_text(member, undone_by, "delete", {}) if undone_by else None,
    )


def command_text(member: Member, action: Action, mode: Mode, facts: Mapping[str, str]) -> str:
    """What the node's shell runs; its standard input is a payload, whose first line is the script
    that receives the rest. ValueError for a fact that does not fit on one line, since it could go
    on as code."""
    arguments = [action, mode, str(member.layout.state), str(_deadline_s(member, action))]
    lines = render_settings(facts)
    run = TRANSPORTS[member.node.transport].shell_text(
        member.node, f"set -- {shlex.join(arguments)}; {RECEIVE}"
    )
    return f": <<'FACTS'\n{lines}FACTS\n{run}"


def _deadline_s(member: Member, action: Action) -> int:
    """Of a whole run; one that also compacts and defragments has time for either, and one that
    starts pods for a start, a way back and a new entry."""
    timeouts = TIMEOUTS[member.node.transport]
    if member.cluster.kubernetes is not None:
        return timeouts.run_s + 3 * member.cluster.kubernetes.start_timeout_s
    if action == "apply" and member.cluster.maintenance.defragment:
        return timeouts.run_s + 2 * timeouts.defragment_s
    return timeouts.run_s


def prepare_facts(member: Member) -> dict[str, str]:
    """What a reviewer should see of a node's preparation."""
    facts = {
        "node": member.name,
        "version": member.version,
        "on_destroy": member.cluster.on_destroy,
    }
    for part in parts_of(member):
        facts |= part.facts
    return facts


def rehearse_facts(member: Member) -> dict[str, str]:
    """Whose start is tried; what it starts with is in the facts of `apply`."""
    return {"node": member.name}


def apply_facts(member: Member) -> dict[str, str]:
    """What a reviewer should see of a member: version, trust, every flag that costs a restart."""
    cluster = member.cluster
    flags = etcd_flags(member, Founding("", {}), "existing")
    return {
        "node": member.name,
        "version": cluster.version,
        "config_format": cluster.config_format,
        **trust_of(cluster),
        **RUNTIMES[member.node.runtime].facts(),
        **_maintenance_facts(cluster),
        **{f"--{name}": value for name, value in sorted(changed_on_restart(flags).items())},
    }


def _maintenance_facts(cluster: Cluster) -> dict[str, str]:
    label = cluster.maintenance.defragment
    return {"defragment": label} if label else {}


def health_facts(member: Member) -> dict[str, str]:
    """What the final health check is about."""
    away = {"unreachable": " ".join(unreachable)} if (unreachable := member.unreachable) else {}
    return {"members": " ".join(member.cluster.nodes), **away}


def leave_facts(member: Member) -> dict[str, str]:
    """Who leaves when the stack file no longer names it."""
    return {"node": member.name}
