"""The keys of a connection: those that log in, and the one that the host must show."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import asyncssh

from toolchain.standins.command import wording
from toolchain.standins.command.errors import PluginError

Keys = list[asyncssh.SSHKey] | list[asyncssh.SSHKeyPair]


async def login_keys(settings: Mapping[str, Any], stack: AsyncExitStack) -> Keys:
    """The private key, or else the agent's keys; the stack closes the agent's connection.

    An agent that is named and cannot be reached is an error even where its keys are not needed.
    """
    private = _private_key(settings)
    path = settings.get("agentSocketPath") or os.environ.get("SSH_AUTH_SOCK")
    held = await _agent_keys(path, stack) if path else []
    return held if private is None else [private]


def _private_key(settings: Mapping[str, Any]) -> asyncssh.SSHKey | None:
    text = settings.get("privateKey")
    if text is None:
        return None
    try:
        return asyncssh.import_private_key(text, settings.get("privateKeyPassword"))
    except asyncssh.KeyEncryptionError:
        raise PluginError("x509: decryption password incorrect") from None
    except asyncssh.KeyImportError as error:
        if "passphrase" in str(error).lower():
            raise PluginError("ssh: this private key is passphrase protected") from None
        raise PluginError("ssh: no key found") from None


async def _agent_keys(path: str, stack: AsyncExitStack) -> list[asyncssh.SSHKeyPair]:
    try:
        agent = await stack.enter_async_context(asyncssh.connect_agent(path))
    except OSError as error:
        reason = wording.system_error(error)
        raise PluginError(f"dial unix {path}: connect: {reason}") from None
    return list(await agent.get_keys())


def pinned_key(settings: Mapping[str, Any]) -> asyncssh.SSHKey | None:
    """The host's public key, None where none is pinned and any host is believed.

    Taken from a line as in authorized_keys or known_hosts, so options, a host name and a comment
    may stand around the key.
    """
    text = settings.get("hostKey")
    if text is None:
        return None
    words = text.split()
    for kind, data in itertools.pairwise(words):
        try:
            return asyncssh.import_public_key(f"{kind} {data}")
        except asyncssh.KeyImportError:
            continue
    raise PluginError("failed to parse host key: ssh: no key found")
