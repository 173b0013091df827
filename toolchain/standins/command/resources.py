"""The life of each resource: what its create, update and delete do."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from toolchain.standins.command import local
from toolchain.standins.command.call import Call
from toolchain.standins.command.output import Output
from toolchain.standins.command.schema import (
    COPY_TO_REMOTE,
    LOCAL_COMMAND,
    REMOTE_COMMAND,
    ObjectType,
)
from toolchain.standins.wire import UNKNOWN, Secret, bare, has_unknown

Properties = dict[str, Any]
Run = Callable[[str, Mapping[str, Any], Output, Call], Output]

_ID_BYTES = 4


class Resource(Protocol):
    """One resource type. Inputs and states carry secret marks; errors are PluginErrors."""

    schema: ObjectType

    def new_id(self, name: str, *, preview: bool) -> str: ...

    def create(self, inputs: Properties, call: Call) -> Properties: ...

    def update(self, state: Properties, inputs: Properties, call: Call) -> Properties: ...

    def delete(self, state: Properties, call: Call) -> None: ...

    def preview_create(self, inputs: Properties) -> Properties: ...

    def preview_update(self, state: Properties, inputs: Properties) -> Properties: ...


class Command:
    """A command, here or on a host: `run` is where it is run."""

    def __init__(self, schema: ObjectType, run: Run) -> None:
        self.schema = schema
        self._run = run

    def new_id(self, name: str, *, preview: bool) -> str:  # noqa: ARG002
        return name + secrets.token_hex(_ID_BYTES)

    def create(self, inputs: Properties, call: Call) -> Properties:
        return self._ran(inputs.get("create"), inputs, Output(), call)

    def update(self, state: Properties, inputs: Properties, call: Call) -> Properties:
        """`update`, even when it is empty; `create` when there is none."""
        command = inputs.get("update", inputs.get("create"))
        return self._ran(command, inputs, _output(state), call)

    def delete(self, state: Properties, call: Call) -> None:
        self._ran(state.get("delete"), state, _output(state), call)

    def preview_create(self, inputs: Properties) -> Properties:
        return {**_previewed(inputs), "stdout": UNKNOWN, "stderr": UNKNOWN}

    def preview_update(self, state: Properties, inputs: Properties) -> Properties:
        """A local command's old output is shown where no input is unknown, a remote one's never."""
        if "connection" in self.schema.fields or has_unknown(inputs):
            return self.preview_create(inputs)
        return {**inputs, "stdout": state.get("stdout"), "stderr": state.get("stderr")}

    def _ran(self, command: Any, inputs: Properties, previous: Output, call: Call) -> Properties:
        output = previous
        if command is not None:
            output = self._run(bare(command), bare(inputs), previous, call)
        return {**inputs, "stdout": output.stdout, "stderr": output.stderr}


class CopyToRemote:
    """A file or folder that is sent to a host, and left there."""

    schema = COPY_TO_REMOTE

    def new_id(self, name: str, *, preview: bool) -> str:  # noqa: ARG002
        return "" if preview else secrets.token_hex(_ID_BYTES)

    def create(self, inputs: Properties, call: Call) -> Properties:
        _send(inputs, call)
        return inputs

    def update(self, state: Properties, inputs: Properties, call: Call) -> Properties:
        """Sends again only when the content or the place has changed; not for a new host."""
        if _copied(state) != _copied(inputs):
            _send(inputs, call)
        return inputs

    def delete(self, state: Properties, call: Call) -> None:
        """Leaves the copy where it is."""

    def preview_create(self, inputs: Properties) -> Properties:
        return {**_previewed(inputs), "source": UNKNOWN}

    def preview_update(self, state: Properties, inputs: Properties) -> Properties:  # noqa: ARG002
        return self.preview_create(inputs)


def _output(state: Properties) -> Output:
    return Output(stdout=bare(state.get("stdout")) or "", stderr=bare(state.get("stderr")) or "")


def _copied(properties: Properties) -> tuple[Any, Any]:
    return bare(properties["source"]).fields.get("hash"), bare(properties["remotePath"])


def _previewed(inputs: Properties) -> Properties:
    """The inputs as a preview shows them: a connection with an unknown secret is all unknown."""
    match inputs.get("connection"):
        case Secret(value=dict(fields)) if Secret(UNKNOWN) in fields.values():
            return {**inputs, "connection": Secret(UNKNOWN)}
        case _:
            return inputs


# The SSH library takes longer to load than all else: a stack of local commands does without.
def _run_remote(command: str, inputs: Mapping[str, Any], previous: Output, call: Call) -> Output:
    from toolchain.standins.command import remote  # noqa: PLC0415

    return remote.run(command, inputs, previous, call)


def _send(inputs: Properties, call: Call) -> None:
    from toolchain.standins.command import sending  # noqa: PLC0415

    sending.send(bare(inputs), call)


RESOURCES: Mapping[str, Resource] = {
    "command:local:Command": Command(LOCAL_COMMAND, local.run),
    "command:remote:Command": Command(REMOTE_COMMAND, _run_remote),
    "command:remote:CopyToRemote": CopyToRemote(),
}
