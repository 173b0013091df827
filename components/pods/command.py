"""A command about pods: it runs on this machine, from where kubectl leads to them."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi import Input, Output, ResourceOptions

from components.member.command_text import Action, command_texts
from components.member.member import Member
from components.member.transports import TRANSPORTS, Command


def pod_command(
    owner: str,
    action: Action,
    member: Member,
    *,
    facts: Mapping[str, str],
    stdin: Input[str],
    opts: ResourceOptions,
) -> Command:
    """The resource `<owner>-<action>`. `stdin` is its payload, made secret here. Only who leaves
    has something to do at its deletion."""
    texts = command_texts(member, action, facts, undone_by="leave" if action == "leave" else None)
    run = TRANSPORTS["kubernetes"].command
    return run(f"{owner}-{action}", member.node, texts, Output.secret(stdin), opts)
