"""The whole program run in this process: every resource as the engine would be asked for it.

tls resources are answered by real cryptography, so the standard input of a recorded command is one
that a real node can run on. A `Program` remembers what it made, as a state does, so that the next
`up` keeps its keys.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc
from pulumi.runtime.proto import resource_pb2

from components.cluster import EtcdCluster
from components.spec import load
from toolchain.standins.tls.resources import create

COMMAND = "command:local:Command"
REMOTE_COMMAND = "command:remote:Command"
STASH = "pulumi:index:Stash"


@dataclass(frozen=True)
class Resource:
    """One registration; `after` names what must be done before. `unchanging`: no change of it
    counts; `retained`: nothing is run at its deletion, nor when `goes_with` is deleted too."""

    type: str
    name: str
    parent: str
    inputs: dict[str, Any]
    secret: frozenset[str]
    after: frozenset[str]
    unchanging: bool = False
    retained: bool = False
    goes_with: str = ""


@dataclass
class Plan:
    """Everything that one run of the program asked for, in its order."""

    resources: list[Resource] = field(default_factory=list)

    @property
    def commands(self) -> dict[str, Resource]:
        """The commands by their name without the cluster's, such as `etcd1-apply`."""
        return {
            found.name.partition("-")[2]: found
            for found in self.resources
            if found.type in {COMMAND, REMOTE_COMMAND}
        }

    def all_before(self, name: str) -> set[str]:
        """The names of all resources that must be done before the resource `name`."""
        after = {found.name: found.after for found in self.resources}
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            fresh = after.get(waiting.pop(), frozenset()) - seen
            seen |= fresh
            waiting.extend(fresh)
        return seen


class Program:
    """One stack; its name is `t`."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._made: dict[tuple[str, str], tuple[Any, dict[str, Any]]] = {}

    def up(self, stack_file: dict[str, Any]) -> Plan:
        """What the engine is asked for; raises what the program raises."""
        plan = Plan()
        answers = _Answers(self._made)
        mocks.set_mocks(answers, monitor=_Recorder(answers, plan))

        @pulumi.runtime.test
        def run() -> None:
            # What is raised reaches the caller; every output that waits for it would print it, too.
            asyncio.get_event_loop().set_exception_handler(lambda *_: None)
            EtcdCluster("t", load(stack_file), self._project)

        run()
        return plan

    def forget(self, name: str) -> None:
        """Makes the tls resources of that name anew at the next `up`, as a renewal does."""
        for key in [key for key in self._made if key[1] == name]:
            del self._made[key]


class _Answers(mocks.Mocks):
    def __init__(self, made: dict[tuple[str, str], tuple[Any, dict[str, Any]]]) -> None:
        self._made = made

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = _plain(args.inputs)
        key = (args.typ, args.name)
        if args.typ == STASH:
            # The engine keeps the first input as output for ever.
            self._made.setdefault(key, (inputs, {**inputs, "output": inputs["input"]}))
        elif not args.typ.startswith("tls:"):
            return f"{args.name}-id", {**args.inputs, "stdout": "", "stderr": ""}
        elif key not in self._made or self._made[key][0] != inputs:
            self._made[key] = (inputs, create(args.typ, inputs, None))
        return f"{args.name}-id", self._made[key][1]

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"the program calls {args.token}")


class _Recorder(mocks.MockMonitor):
    """Sees what mocks are not shown: parents, dependencies, and which inputs are secret."""

    def __init__(self, answers: mocks.Mocks, plan: Plan) -> None:
        super().__init__(answers)
        self._plan = plan

    def RegisterResource(  # noqa: N802 (the protocol's name)
        self, request: resource_pb2.RegisterResourceRequest
    ) -> Any:
        if request.type != "pulumi:pulumi:Stack":
            inputs = rpc.deserialize_properties(request.object)
            self._plan.resources.append(
                Resource(
                    type=request.type,
                    name=request.name,
                    parent=_name(request.parent),
                    inputs=_plain(inputs),
                    secret=frozenset(
                        name for name, value in inputs.items() if rpc.is_rpc_secret(value)
                    ),
                    after=frozenset(map(_name, request.dependencies)),
                    unchanging="*" in request.ignoreChanges,
                    retained=request.retainOnDelete,
                    goes_with=_name(request.deletedWith),
                )
            )
        return super().RegisterResource(request)


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _plain(value: Any) -> Any:
    """Without the wrappers of secrets, and whole numbers as such: the wire only has floats."""
    if rpc.is_rpc_secret(value):
        return _plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
