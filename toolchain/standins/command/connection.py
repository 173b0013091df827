"""Connects to a host, through a proxy if there is one, trying as often as is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import asyncssh

from toolchain.standins.command.background import Later
from toolchain.standins.command.call import Call
from toolchain.standins.command.errors import PluginError
from toolchain.standins.command.host import DialError, Host, prepared

Settings = Mapping[str, Any]
Connection = asyncssh.SSHClientConnection

FIRST_PAUSE_S = 0.1
PAUSE_GROWTH = 1.5
LONGEST_PAUSE_S = 5.0


@asynccontextmanager
async def connected(settings: Settings, call: Call, later: Later) -> AsyncIterator[Connection]:
    """A connection for the time of a block. An interrupt ends the attempts, nothing else."""
    async with AsyncExitStack() as stack:
        dialling = asyncio.ensure_future(_Dialler(stack, call, later).connect(settings))
        wake = asyncio.get_running_loop().call_soon_threadsafe
        call.interrupt.then(lambda: wake(dialling.cancel))
        try:
            connection = await dialling
        except asyncio.CancelledError:
            raise PluginError(call.interrupt.reason or "context canceled") from None
        yield connection


@dataclass(frozen=True)
class _Dialler:
    """Opens connections, which the stack closes, the last one first."""

    stack: AsyncExitStack
    call: Call
    later: Later

    async def connect(self, settings: Settings) -> Connection:
        host = await prepared(settings, self.stack)
        proxy = settings.get("proxy")
        if proxy is None:
            return await self._reach(host, "Dial")
        try:
            tunnel = await self._reach(await prepared(proxy, self.stack), "Dial proxy")
            return await self._reach(host, "Dial from proxy", tunnel)
        except PluginError as error:
            raise PluginError(f"proxy: {error}") from None

    async def _reach(self, host: Host, what: str, tunnel: Connection | None = None) -> Connection:
        """Dial, and again after a failure, as often as the host's settings allow (-1: for ever)."""
        failures = 0
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                return await self.stack.enter_async_context(await host.dial(tunnel))
            except DialError as error:
                if failures == host.retries:
                    raise PluginError(f"after {failures} failed attempts: {error}") from None
            failures += 1
            limit = "inf" if host.retries < 0 else host.retries
            self.later(partial(self.call.log.status, f"{what} {failures}/{limit} failed: retrying"))
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * PAUSE_GROWTH, LONGEST_PAUSE_S)
