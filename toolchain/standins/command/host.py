"""One attempt to reach a host over SSH, and why it failed."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import asyncssh

from toolchain.standins.command import wording
from toolchain.standins.command.credentials import login_keys, pinned_key

# A host that has gone is noticed after as long as by the official plugin's TCP keep-alive.
KEEPALIVE_S = 15
KEEPALIVES_LOST = 9
# In the order of the official plugin's SSH library (golang.org/x/crypto/ssh, common.go). The first
# one costs half of what the library here would choose.
CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)


class DialError(Exception):
    """The attempt failed; another may succeed."""


@dataclass(frozen=True)
class Host:
    """A host and how to log in there. `methods` are the ways to log in that were configured."""

    name: str
    port: int
    retries: int
    methods: tuple[str, ...]
    options: asyncssh.SSHClientConnectionOptions

    async def dial(self, tunnel: asyncssh.SSHClientConnection | None) -> Any:
        """A connection, through another one where one is given; raises DialError."""
        try:
            return await asyncssh.connect(
                self.name, self.port, tunnel=tunnel or (), options=self.options
            )
        except (OSError, asyncssh.Error) as error:
            raise DialError(self._reason(error)) from None

    def _reason(self, error: Exception) -> str:
        """The failure in the official plugin's words."""
        match error:
            case TimeoutError(errno=None):
                return f"dial tcp {self.name}:{self.port}: i/o timeout"
            case socket.gaierror():
                return f"dial tcp: lookup {self.name}: no such host"
            case OSError():
                reason = wording.system_error(error)
                return f"dial tcp {self.name}:{self.port}: connect: {reason}"
            case asyncssh.HostKeyNotVerifiable():
                reason = "host key mismatch"
            case asyncssh.PermissionDenied():
                tried = " ".join(self.methods)
                reason = f"unable to authenticate, attempted methods [{tried}]"
                reason += ", no supported methods remain"
            case _:
                reason = str(error)
        return f"ssh: handshake failed: ssh: {reason}"


async def prepared(settings: Mapping[str, Any], stack: AsyncExitStack) -> Host:
    """The host of a connection's settings; the stack closes what that takes.

    Keys are read here, once: a bad one is an error at once (PluginError), not a failed attempt.
    Nothing is read from the SSH configuration of whoever runs this.
    """
    keys = await login_keys(settings, stack)
    password = settings.get("password")
    pinned = pinned_key(settings)
    methods = ["none"]
    methods += ["publickey"] if keys else []
    methods += ["password"] if password is not None else []
    return Host(
        name=settings["host"],
        port=int(settings["port"]),
        retries=int(settings["dialErrorLimit"]),
        methods=tuple(methods),
        options=asyncssh.SSHClientConnectionOptions(
            config=None,
            username=settings["user"],
            client_keys=keys or None,
            password=password,
            agent_path=None,
            gss_host=None,
            encryption_algs=CIPHERS,
            known_hosts=None if pinned is None else ([pinned], [], []),
            connect_timeout=settings["perDialTimeout"] or None,
            login_timeout=0,
            keepalive_interval=KEEPALIVE_S,
            keepalive_count_max=KEEPALIVES_LOST,
        ),
    )
