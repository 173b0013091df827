"""A Pulumi program run in this process, its tls resources answered by real cryptography.

A `MockStack` remembers what it made, as a state file does: a resource whose inputs are the same at
the next `up` keeps its outputs, another one is made anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pulumi
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from toolchain.standins.tls.resources import create
from toolchain.standins.tls.schema import RESOURCES


@dataclass(frozen=True)
class Registered:
    """A resource as the program asked for it; input names are those of the wire."""

    type: str
    name: str
    parent: str
    protect: bool
    ignore_changes: tuple[str, ...]
    inputs: dict[str, Any]


@dataclass
class Up:
    """What one run of the program gave: its returned value, resolved, and its resources."""

    value: Any = None
    resources: list[Registered] = field(default_factory=list)

    def of_type(self, suffix: str) -> dict[str, Registered]:
        """Resources by name whose type ends so, such as `PrivateKey`."""
        return {found.name: found for found in self.resources if found.type.endswith(suffix)}


class MockStack:
    """Runs programs one after the other against the same memory."""

    def __init__(self) -> None:
        self._state: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any]]] = {}

    def up(self, program: Callable[[], Any], now: datetime | None = None) -> Up:
        """Runs the program; Outputs in what it returns are resolved, however deep.

        What is made is made at `now`, so that a test can have expired certificates.
        """
        done = Up()
        answers = _Answers(self._state, now)
        mocks.set_mocks(answers, monitor=_Recorder(answers, done.resources))

        @pulumi.runtime.test
        def run() -> pulumi.Output[None]:
            return pulumi.Output.from_input(program()).apply(lambda value: _keep(done, value))

        run()
        return done


def _keep(done: Up, value: Any) -> None:
    done.value = value


class _Answers(mocks.Mocks):
    def __init__(self, state: dict[tuple[str, str], Any], now: datetime | None) -> None:
        self._state = state
        self._now = now
        self.ignored: tuple[str, ...] = ()

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if not args.typ.startswith("tls:"):
            return f"{args.name}-id", args.inputs
        inputs = _plain(args.inputs)
        known = self._state.get((args.typ, args.name))
        if known is None or _without(known[0], self.ignored) != _without(inputs, self.ignored):
            known = (inputs, create(args.typ, inputs, self._now))
            self._state[args.typ, args.name] = known
        return f"{args.name}-id", _with_secrets(args.typ, known[1])

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"the program calls {args.token}")


class _Recorder(mocks.MockMonitor):
    """Sees what mocks are not shown: parents and options."""

    def __init__(self, answers: _Answers, resources: list[Registered]) -> None:
        super().__init__(answers)
        self._answers = answers
        self._registered = resources

    def RegisterResource(  # noqa: N802 (the protocol's name)
        self, request: resource_pb2.RegisterResourceRequest
    ) -> Any:
        self._answers.ignored = tuple(request.ignoreChanges)
        if request.type != "pulumi:pulumi:Stack":
            self._registered.append(
                Registered(
                    type=request.type,
                    name=request.name,
                    parent=request.parent.split("::")[-1],
                    protect=request.protect,
                    ignore_changes=tuple(request.ignoreChanges),
                    inputs=_plain(pulumi.runtime.rpc.deserialize_properties(request.object)),
                )
            )
        return super().RegisterResource(request)


def _with_secrets(type_token: str, outputs: dict[str, Any]) -> dict[str, Any]:
    """What the plugin marks as secret is a secret in the program, which plain mocks leave out."""
    secrets = RESOURCES[type_token].secrets
    return {
        name: pulumi.Output.secret(value) if name in secrets else value
        for name, value in outputs.items()
    }


def _without(inputs: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name not in names}


def _plain(value: Any) -> Any:
    """Without the wrappers of secrets, and whole numbers as such: the wire only has floats."""
    if pulumi.runtime.rpc.is_rpc_secret(value):
        return _plain(pulumi.runtime.rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
