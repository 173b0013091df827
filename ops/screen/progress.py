"""What a person sees while the engine works. Pure: events and a clock in, lines out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.engine.events import Diagnostic, Event, Failed, Finished, Resource, Started, Step, Summary
from ops.engine.interrupted import interrupted
from ops.screen.words import afterwards, during, is_shown

# The engine says where it found its plugins each time; that is for `make setup` to say, once.
_NOT_NEWS = ("using pulumi-",)
# How a script marks what a person should know although it went well, on its standard error.
_WARNING = "warning: "


@dataclass
class Active:
    """One resource that the engine is busy with. `said` is what its script has told meanwhile."""

    step: Step
    since_s: float
    said: list[str] = field(default_factory=list)


@dataclass
class Progress:
    """`feed` gives the lines that an event adds for good; `active` is what goes on meanwhile."""

    active: dict[Resource, Active] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def feed(self, event: Event, now_s: float) -> list[str]:
        if isinstance(event, Started):
            if is_shown(event.step):
                self.active[event.step.resource] = Active(event.step, now_s)
        elif isinstance(event, Finished):
            return self._finished(event.step, now_s)
        elif isinstance(event, Failed):
            self.active.pop(event.step.resource, None)
        elif isinstance(event, Diagnostic):
            return self._said_by(event)
        return []

    def live(self, now_s: float) -> list[str]:
        return [
            f"{during(busy.step)} {busy.step.resource.label}  {now_s - busy.since_s:.0f} s"
            + "".join(f"  {line}" for line in busy.said[-1:])
            # A copy: the screen asks from a thread of its own.
            for busy in tuple(self.active.values())
        ]

    def _finished(self, step: Step, now_s: float) -> list[str]:
        active = self.active.pop(step.resource, None)
        if not is_shown(step):
            return []
        seconds = now_s - active.since_s if active else 0.0
        line = f"{afterwards(step)} {step.resource.label}  {seconds:.1f} s"
        # A deletion has no outputs; what its script told is all there is to know.
        told = active.said if active and step.op == "delete" else _told(step.outputs)
        return [line, *(f"    {said}" for said in told)]

    def _said_by(self, event: Diagnostic) -> list[str]:
        active = event.resource and self.active.get(event.resource)
        if event.severity == "info" and active:
            active.said.append(event.message)
            return []
        if operations := interrupted(event):
            return [f"an earlier run was cut off while {what}; done anew" for what in operations]
        if event.severity == "warning" and not event.message.startswith(_NOT_NEWS):
            line = f"warning: {event.message}"
            if line not in self._said:
                self._said.add(line)
                return [line]
        return []


def _told(outputs: Mapping[str, Any]) -> list[str]:
    """What a node's script says it has done, and below it each warning once."""
    warnings = [line for line in _lines(outputs, "stderr") if line.startswith(_WARNING)]
    return [*_lines(outputs, "stdout"), *dict.fromkeys(warnings)]


def _lines(outputs: Mapping[str, Any], stream: str) -> list[str]:
    """Of one of a script's outputs; none of what is no text."""
    printed = outputs.get(stream)
    return printed.splitlines() if isinstance(printed, str) else []


def summary_line(events: Iterable[Event], seconds: float) -> str:
    """`3 created, 1 updated, 40 unchanged in 2.1 s`."""
    changes = next((event.changes for event in events if isinstance(event, Summary)), {})
    words = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced"}
    parts = [f"{changes[op]} {word}" for op, word in words.items() if op in changes]
    if not parts:
        return f"nothing to change ({seconds:.1f} s)"
    if same := changes.get("same"):
        parts.append(f"{same} unchanged")
    return f"{', '.join(parts)} in {seconds:.1f} s"
