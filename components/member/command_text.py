"""The text of a command: facts for the reviewer and one line.

A preview shows the text, and the engine prints the whole of it before the reason of a failure. What
a reviewer should see of a change is in it, one `name=value` a line, and nothing secret ever is.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Literal

from components.member.member import Member
from components.member.settings import render_settings
from components.member.timeouts import TIMEOUTS
from components.member.transports import TRANSPORTS, CommandText

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
