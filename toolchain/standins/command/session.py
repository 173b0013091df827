"""One command's session on a connection: its environment, what it writes and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import asyncssh
from asyncssh.constants import EXTENDED_DATA_STDERR
from asyncssh.packet import String

from toolchain.standins.command import wording
from toolchain.standins.command.output import Stream

# The host's shell is given nothing to do; an empty text would ask for an interactive shell.
NOTHING = " "
NO_EXIT = "wait: remote command exited without exit status or exit signal"


class RefusedVariableError(Exception):
    """The server accepts no environment variable of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Session(asyncssh.SSHClientSession[bytes]):
    """Hands on what the command writes, and keeps how it ended.

    `required` are variables without which the command must not run; for each of the `wished`
    ones that the server refuses, `on_refused` is called with its name. All callbacks run on the
    event loop.
    """

    def __init__(
        self,
        required: Mapping[str, str],
        wished: Mapping[str, str],
        on_output: Callable[[Stream, bytes], object],
        on_refused: Callable[[str], object],
    ) -> None:
        self._required = required
        self._wished = wished
        self._on_output = on_output
        self._on_refused = on_refused
        self._problem: str | None = NO_EXIT

    def connection_made(self, chan: Any) -> None:
        """Put the environment before the request that starts the command.

        asyncssh sends variables without asking for the server's answer, and has no public way to
        ask. A refused variable has to keep the command from running, so its one method that sends
        a request and waits is called here for each variable.
        """
        ask = chan._make_request

        async def environment_first(request: bytes, *args: bytes) -> bool | None:
            for name, value in {**self._required, **self._wished}.items():
                if not await ask(b"env", String(name), String(value)):
                    self._refused(name)
            accepted: bool | None = await ask(request, *args)
            return accepted

        chan._make_request = environment_first

    def _refused(self, name: str) -> None:
        if name in self._required:
            raise RefusedVariableError(name)
        self._on_refused(name)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Output has come."""
        stream = Stream.STDERR if datatype == EXTENDED_DATA_STDERR else Stream.STDOUT
        self._on_output(stream, data)

    def exit_status_received(self, status: int) -> None:
        """The command has ended."""
        self._problem = wording.remote_exit(status)

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:  # noqa: ARG002, FBT001
        """The command was ended by a signal."""
        self._problem = wording.remote_signal(signal, msg)

    async def run(
        self, connection: asyncssh.SSHClientConnection, command: str, stdin: str
    ) -> str | None:
        """Run the command to its end; what went wrong with it, None for success."""
        channel, _ = await connection.create_session(
            lambda: self, command or NOTHING, encoding=None
        )
        with suppress(OSError):  # a command need not read, and may have ended already
            channel.write(stdin.encode())
            channel.write_eof()
        await channel.wait_closed()
        return self._problem
