"""`preview`: what `up` would do, and for each node what its command would see changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace

from ops.command_text import changes
from ops.engine import Engine
from ops.events import Event, Started, Step
from ops.project import create_stack
from ops.run import NoStack, Run, run
from ops.screen import say
from ops.words import is_shown, planned


def preview(engine: Engine) -> None:
    """Raises OperationError. Leaves nothing behind, even if there is no stack yet."""
    try:
        done = _run(engine)
    except NoStack:
        with tempfile.TemporaryDirectory(prefix="preview-") as folder:
            # A stack of nothing in a backend of its own: the real one stays untouched.
            empty = replace(engine, extra={"PULUMI_BACKEND_URL": f"file://{folder}"})
            create_stack(empty)
            done = _run(empty)
    say("\n".join([*plan(done.result.events), done.line]))


def _run(engine: Engine) -> Run:
    return run(engine, "preview", show=lambda _: None)


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
