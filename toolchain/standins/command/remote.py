"""Runs a command on a host."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import asyncssh

from toolchain.standins.command import background, wording
from toolchain.standins.command.background import Later
from toolchain.standins.command.call import Call, previous_environment
from toolchain.standins.command.connection import connected
from toolchain.standins.command.errors import PluginError
from toolchain.standins.command.output import Output, Recorder
from toolchain.standins.command.session import RefusedVariableError, Session

REFUSED = (
    "Unable to set '{}'. This only works if your SSH server is configured to accept\n"
    "\tthese variables via AcceptEnv. Alternatively, if a Bash-like shell runs the command on "
    "the remote host, you could\n"
    "\tprefix the command itself with the variables in the form 'VAR=value command'"
)


def run(command: str, inputs: Mapping[str, Any], previous: Output, call: Call) -> Output:
    """Run to the end; raises PluginError when it fails.

    An interrupt ends the attempts to connect. A command that runs is waited for: the host goes
    on with it in any case.
    """
    recorder = Recorder(call.log.status, inputs.get("logging"))

    async def work(later: Later) -> str | None:
        session = Session(
            required=inputs.get("environment") or {},
            wished=previous_environment(inputs, previous),
            on_output=lambda stream, data: later(partial(recorder.feed, stream, data)),
            on_refused=lambda name: later(partial(call.log.warning, REFUSED.format(name))),
        )
        async with connected(inputs["connection"], call, later) as connection:
            return await session.run(connection, command, inputs.get("stdin") or "")

    problem = _outcome(work, call)
    recorder.finish()
    if problem:
        raise PluginError(wording.failed(problem, command, recorder.everything()))
    return recorder.output()


def _outcome(work: background.Work[str | None], call: Call) -> str | None:
    try:
        return background.run(work)
    except RefusedVariableError as refused:
        call.log.error(REFUSED.format(refused.name))
        name = wording.quoted(refused.name)
        raise PluginError(
            f"could not set environment variable {name}: ssh: setenv failed"
        ) from None
    except asyncssh.Error as error:
        raise PluginError(f"ssh: {error}") from None
