"""What the engine says of a run that was cut off, and how its notes are dropped.

A dead run leaves a note for each operation that it had begun. The next successful run drops those
of updates and deletions; those of creations stay, with a warning at every run, until somebody
drops them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ops.engine.events import Diagnostic, Event, Finished

_PENDING = "pending operations from previous deployment"
_OPERATION = re.compile(
    r"^\s+\* \S+::(?P<name>\S+), interrupted while (?P<what>\w+)$", re.MULTILINE
)


def interrupted(event: Event) -> list[str]:
    """`creating dev-etcd1-apply` for each operation that the engine warns of."""
    if not isinstance(event, Diagnostic) or _PENDING not in event.message:
        return []
    return [f"{found['what']} {found['name']}" for found in _OPERATION.finditer(event.message)]


def pending_creates(events: Iterable[Event]) -> bool:
    """True if notes of creations are left."""
    return any(op.startswith("creating ") for event in events for op in interrupted(event))


def drop_pending_creates(events: Iterable[Event]) -> tuple[str, ...]:
    """The engine command that drops them, after the run of `events` has created everything anew.

    It refreshes the stack's own entry only, so that no node is asked anything.
    """
    stacks = [
        event.step.resource.urn
        for event in events
        if isinstance(event, Finished) and event.step.resource.is_stack
    ]
    options = ("--yes", "--skip-preview", "--clear-pending-creates")
    return ("refresh", *options, "--target", stacks[-1])
