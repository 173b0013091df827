"""`preview`: what `up` would do, and for each node what its command would see changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ops.commands.project import create_stack
from ops.commands.run import Run, run
from ops.engine.events import Diagnostic, Event, Started, Step
from ops.engine.pulumi import Engine
from ops.errors import NoStack
from ops.screen.command_text import changes
from ops.screen.progress import Progress
from ops.screen.terminal import say
from ops.screen.words import is_shown, planned
from ops.stack import stackfile


def preview(engine: Engine) -> None:
    """Raises OperationError. Leaves nothing behind, even if there is no stack yet."""
    try:
        done = _run(engine)
    except NoStack:
        with _passing_stack(engine) as empty:
            done = _run(empty)
    events = done.result.events
    say("\n".join([*warnings(events), *plan(events), done.line]))


@contextmanager
def _passing_stack(engine: Engine) -> Iterator[Engine]:
    """An empty stack in a backend of its own: the real backend and the stack file, which the
    engine would add its salt to, stay as they are."""
    file = stackfile.read(engine.project, engine.stack).path
    content = file.read_bytes()
    with tempfile.TemporaryDirectory(prefix="preview-") as folder:
        empty = replace(engine, extra={"PULUMI_BACKEND_URL": f"file://{folder}"})
        try:
            create_stack(empty)
            yield empty
        finally:
            if file.read_bytes() != content:
                file.write_bytes(content)


def _run(engine: Engine) -> Run:
    return run(engine, "preview", show=lambda _: None)


def warnings(events: Iterable[Event]) -> list[str]:
    """What works but should be known, as `up` says it."""
    progress = Progress()
    told = [line for event in events if _warns(event) for line in progress.feed(event, 0.0)]
    return [line for line in told if line.startswith("warning: ")]


def _warns(event: Event) -> bool:
    return isinstance(event, Diagnostic) and event.severity == "warning"


def plan(events: Iterable[Event]) -> list[str]:
    """One line a resource, below it the lines of its command's facts that change."""
    lines = []
    for event in events:
        if isinstance(event, Started) and is_shown(event.step):
            lines.append(f"{planned(event.step)} {event.step.resource.label}")
            lines += [f"    {line}" for line in _details(event.step)]
    return lines


def _details(step: Step) -> list[str]:
    told = changes(step.old_inputs.get("create"), step.new_inputs.get("create"))
    if step.op == "update" and step.old_inputs.get("stdin") and not told:
        return ["~ content only (certificates or files; no flag)"]
    return told if step.op in {"create", "update"} else []
