"""Connects to a host over SSH, through a proxy if there is one, trying as often as is asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import asyncssh

from toolchain.standins.command import wording
from toolchain.standins.command.background import Later
from toolchain.standins.command.call import Call
from toolchain.standins.command.credentials import login_keys, pinned_key
from toolchain.standins.command.errors import PluginError

Settings = Mapping[str, Any]
Connection = asyncssh.SSHClientConnection

FIRST_PAUSE_S = 0.1
PAUSE_GROWTH = 1.5
LONGEST_PAUSE_S = 5.0
# A host that has gone is noticed after as long as by the official plugin's TCP keep-alive.
KEEPALIVE_S = 15
KEEPALIVES_LOST = 9


class DialError(Exception):
    """One attempt to connect failed; another may succeed."""


@asynccontextmanager
async def connected(settings: Settings, call: Call, later: Later) -> AsyncIterator[Connection]:
    """A connection for the time of a block. An interrupt ends the attempts, nothing else."""
    async with AsyncExitStack() as stack:
        dialling = asyncio.ensure_future(_dial_all(settings, stack, call, later))
        wake = asyncio.get_running_loop().call_soon_threadsafe
        call.interrupt.then(lambda: wake(dialling.cancel))
        try:
            connection = await dialling
        except asyncio.CancelledError:
            raise PluginError(call.interrupt.reason or "context canceled") from None
        yield connection


async def _dial_all(
    settings: Settings, stack: AsyncExitStack, call: Call, later: Later
) -> Connection:
    """The connection to the host; the stack closes it, and the proxy's, in the right order."""
    open_host = await _opener(settings)
    proxy = settings.get("proxy")
    if proxy is None:
        dial = partial(open_host, ())
        return await stack.enter_async_context(
            await _tried(dial, "Dial", settings["dialErrorLimit"], call, later)
        )
    try:
        open_proxy = await _opener(proxy)
        dial = partial(open_proxy, ())
        tunnel = await stack.enter_async_context(
            await _tried(dial, "Dial proxy", proxy["dialErrorLimit"], call, later)
        )
        dial = partial(open_host, tunnel)
        return await stack.enter_async_context(
            await _tried(dial, "Dial from proxy", settings["dialErrorLimit"], call, later)
        )
    except PluginError as error:
        raise PluginError(f"proxy: {error}") from None


async def _tried(
    dial: Callable[[], Awaitable[Connection]], what: str, limit: int, call: Call, later: Later
) -> Connection:
    """Dial, and again after each failure, `limit` times (-1: for ever)."""
    failures = 0
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await dial()
        except DialError as error:
            if failures == limit:
                raise PluginError(f"after {failures} failed attempts: {error}") from None
        failures += 1
        bound = "inf" if limit < 0 else limit
        later(partial(call.log.status, f"{what} {failures}/{bound} failed: retrying"))
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * PAUSE_GROWTH, LONGEST_PAUSE_S)


async def _opener(settings: Settings) -> Callable[[Any], Awaitable[Connection]]:
    """How to connect with these settings, given a connection to tunnel through or ().

    Keys are read here, once: a bad one fails at once and is not tried again. Nothing is read
    from the SSH configuration of whoever runs this.
    """
    keys = await login_keys(settings)
    pinned = pinned_key(settings)
    options = asyncssh.SSHClientConnectionOptions(
        config=None,
        username=settings["user"],
        client_keys=keys or None,
        password=settings.get("password"),
        agent_path=None,
        gss_host=None,
        known_hosts=None if pinned is None else ([pinned], [], []),
        connect_timeout=settings["perDialTimeout"] or None,
        login_timeout=0,
        keepalive_interval=KEEPALIVE_S,
        keepalive_count_max=KEEPALIVES_LOST,
    )
    methods = ["none", *(["publickey"] if keys else [])]
    methods += ["password"] if settings.get("password") is not None else []
    address = f"{settings['host']}:{int(settings['port'])}"

    async def dial(tunnel: Any) -> Connection:
        try:
            return await asyncssh.connect(
                settings["host"], int(settings["port"]), tunnel=tunnel, options=options
            )
        except (OSError, asyncssh.Error, TimeoutError) as error:
            raise DialError(_reason(error, address, methods)) from None

    return dial


def _reason(error: Exception, address: str, methods: list[str]) -> str:
    """The failure in the official plugin's words."""
    match error:
        case TimeoutError(errno=None):
            return f"dial tcp {address}: i/o timeout"
        case socket.gaierror():
            return f"dial tcp: lookup {address.rpartition(':')[0]}: no such host"
        case OSError():
            return f"dial tcp {address}: connect: {wording.system_error(error)}"
        case asyncssh.HostKeyNotVerifiable():
            reason = "host key mismatch"
        case asyncssh.PermissionDenied():
            tried = " ".join(methods)
            reason = (
                f"unable to authenticate, attempted methods [{tried}], no supported methods remain"
            )
        case _:
            reason = str(error)
    return f"ssh: handshake failed: ssh: {reason}"
