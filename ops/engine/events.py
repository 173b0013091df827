"""The engine's event stream, as `pulumi up --json` prints it: one JSON object a line.

Only what this command line shows is kept. Secret values are "[secret]" in the stream itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Resource:
    """What a URN says: `urn:pulumi:STACK::PROJECT::TYPE$TYPE::NAME`."""

    urn: str
    type: str
    name: str

    @property
    def label(self) -> str:
        """`Command dev-etcd1-apply`: a key, its request and its certificate share their name."""
        return f"{self.type.rpartition(':')[2]} {self.name}"

    @property
    def stack(self) -> str:
        return self.urn.split("::", 1)[0].removeprefix("urn:pulumi:")

    @property
    def is_stack(self) -> bool:
        return self.type == STACK_TYPE


@dataclass(frozen=True)
class Step:
    """What the engine does, has done or has failed to do to one resource."""

    op: str
    resource: Resource
    custom: bool
    old_inputs: Mapping[str, Any] = field(default_factory=dict)
    new_inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Started:
    step: Step


@dataclass(frozen=True)
class Finished:
    step: Step


@dataclass(frozen=True)
class Failed:
    step: Step


@dataclass(frozen=True)
class Diagnostic:
    """A message. `severity` is one of debug, info, info#err, warning, error."""

    severity: str
    message: str
    resource: Resource | None
    passing: bool  # replaced by the next one; not meant to stay


@dataclass(frozen=True)
class Summary:
    changes: Mapping[str, int]
    seconds: int


Event = Started | Finished | Failed | Diagnostic | Summary


def parse(line: str) -> Event | None:
    """None for what is not shown: other events, and lines that are no event."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if not isinstance(event, dict):
        return None
    for key, build in _BUILDERS.items():
        if key in event:
            return build(event[key])
    return None


def resource_of(urn: str) -> Resource:
    types, name = urn.split("::", 3)[2:]
    return Resource(urn, type=types.rsplit("$", 1)[-1], name=name)


def _step(payload: Mapping[str, Any]) -> Step:
    metadata = payload["metadata"]
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    return Step(
        op=metadata["op"],
        resource=resource_of(metadata["urn"]),
        custom=bool((new or old).get("custom")),
        old_inputs=old.get("inputs") or {},
        new_inputs=new.get("inputs") or {},
        outputs=new.get("outputs") or {},
    )


def _diagnostic(payload: Mapping[str, Any]) -> Diagnostic:
    urn = payload.get("urn")
    return Diagnostic(
        severity=payload["severity"],
        message=payload["message"].rstrip("\n"),
        resource=resource_of(urn) if urn else None,
        passing=bool(payload.get("ephemeral")),
    )


def _summary(payload: Mapping[str, Any]) -> Summary:
    return Summary(changes=payload["resourceChanges"], seconds=payload["durationSeconds"])


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any]], Event]] = {
    "resourcePreEvent": lambda payload: Started(_step(payload)),
    "resOutputsEvent": lambda payload: Finished(_step(payload)),
    "resOpFailedEvent": lambda payload: Failed(_step(payload)),
    "diagnosticEvent": _diagnostic,
    "summaryEvent": _summary,
}
