"""How a script reaches a node. A transport is a file here and a row of this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from components.member.transports import local, ssh
from components.member.transports.command import Command, CommandText
from components.spec import NodeSettings


@dataclass(frozen=True)
class Transport:
    """`command`: one command as a resource, from its name, the node, the texts, the standard input
    and the options. `shell_text`: a script as the node's login shell has to get it."""

    command: Callable[..., Command]
    shell_text: Callable[[NodeSettings, str], str]


TRANSPORTS = {
    "local": Transport(local.command, local.shell_text),
    "ssh": Transport(ssh.command, ssh.shell_text),
    # kubectl reaches a pod from here.
    "kubernetes": Transport(local.command, local.shell_text),
}

__all__ = ["TRANSPORTS", "Command", "CommandText"]
