"""Nodes on this machine: the script runs as the user who runs Pulumi."""

from __future__ import annotations

from pulumi import Input, ResourceOptions
from pulumi_command import local

from components.member.transports.command import Command, CommandText
from components.spec import NodeSettings


def command(
    name: str, _: NodeSettings, text: CommandText, stdin: Input[str], opts: ResourceOptions
) -> Command:
    """`text` on this machine, with `stdin` (a payload, secret) on its standard input."""
    return local.Command(
        name,
        create=text.create,
        update=text.update,
        delete=text.delete,
        stdin=stdin,
        interpreter=["/bin/sh", "-c"],
        # Short reasons go to the log live; standard output is kept in the state instead.
        logging=local.Logging.STDERR,
        add_previous_output_in_env=False,
        opts=opts,
    )


def shell_text(_: NodeSettings, text: str) -> str:
    """The script as it is."""
    return text
