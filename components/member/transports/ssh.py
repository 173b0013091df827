"""Nodes over SSH: the script runs as root, by `sudo` or `doas` where another user logs in."""

from __future__ import annotations

import shlex
from typing import Any

from pulumi import Input, ResourceOptions
from pulumi_command import remote
from pydantic import SecretStr

from components.member.transports.command import Command, CommandText
from components.spec import NodeSettings
from components.spec.models.ssh import Jump, Ssh


def command(
    name: str, node: NodeSettings, text: CommandText, stdin: Input[str], opts: ResourceOptions
) -> Command:
    """`text` on the node's machine, with `stdin` (a payload, secret) on its standard input."""
    return remote.Command(
        name,
        connection=connection(node),
        create=text.create,
        update=text.update,
        delete=text.delete,
        stdin=stdin,
        # Short reasons go to the log live; standard output is kept in the state instead. A long
        # line there would hang the official plugin for good.
        logging=remote.Logging.STDERR,
        # As variables of the session, most SSH servers would refuse them.
        add_previous_output_in_env=False,
        opts=opts,
    )


def connection(node: NodeSettings) -> remote.ConnectionArgs:
    """How the node is reached. Nobody is believed without the pinned host key. Where there is no
    private key, the plugin asks the agent of SSH_AUTH_SOCK by itself."""
    ssh = node.ssh
    return remote.ConnectionArgs(
        **_login(ssh, ssh),
        host_key=node.host_key,
        proxy=None if ssh.jump is None else _proxy(ssh, ssh.jump),
    )


def _proxy(ssh: Ssh, jump: Jump) -> remote.ProxyConnectionArgs:
    return remote.ProxyConnectionArgs(**_login(ssh, jump), host_key=jump.host_key)


def _login(ssh: Ssh, there: Ssh | Jump) -> dict[str, Any]:
    """What a node and its jump host are both asked with; the dial limits are the node's."""
    return {
        "host": there.host,
        "port": there.port,
        "user": there.user,
        "private_key": _shown(there.private_key),
        "private_key_password": _shown(there.private_key_password),
        # The plugin counts what may fail before the last attempt.
        "dial_error_limit": ssh.dial_attempts - 1,
        "per_dial_timeout": ssh.dial_timeout_s,
    }


def _shown(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def shell_text(node: NodeSettings, text: str) -> str:
    """The script as the login shell gets it. Neither `sudo` nor `doas` may ask for a password."""
    if node.ssh.sudo:
        return f"exec sudo -n /bin/sh -c {shlex.quote(text)}"
    if node.ssh.doas:
        return f"exec doas -n /bin/sh -c {shlex.quote(text)}"
    return text
