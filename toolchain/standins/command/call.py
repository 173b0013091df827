"""What a resource's work needs of the request that asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.standins.command.output import Output
from toolchain.standins.enginelog import ResourceLog
from toolchain.standins.interrupt import Interrupt


@dataclass(frozen=True)
class Call:
    """The resource's log, and word of the request's end."""

    log: ResourceLog
    interrupt: Interrupt


def previous_environment(inputs: Mapping[str, Any], previous: Output) -> dict[str, str]:
    """The variables that hand a command the output of the run before it."""
    if inputs.get("addPreviousOutputInEnv") is False:
        return {}
    variables = {
        "PULUMI_COMMAND_STDOUT": previous.stdout,
        "PULUMI_COMMAND_STDERR": previous.stderr,
    }
    return {name: value for name, value in variables.items() if value}
