"""What an operation is: changes of the stack file of a living cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.operations.stage import Stage

# Of the stack file's settings, those that one `up` finds changed.
Change = Mapping[str, Any]


@dataclass(frozen=True)
class Yardstick:
    """What the most used playbook needs for the same on such hosts."""

    seconds: float
    failed: str
    gap: str

    @property
    def aim_s(self) -> float:
        """A fifth of its time."""
        return self.seconds / 5


def nothing(_: Stage) -> None:
    """What most operations need to happen to a cluster beforehand."""


@dataclass(frozen=True)
class Operation:
    """`changes` are made one after the other, each with an `up` of its own; `before` happens when
    nobody writes yet. `restarts`: of a member that was there before, at most."""

    name: str
    title: str
    changes: Callable[[Stage], Sequence[Change]]
    before: Callable[[Stage], None] = nothing
    founders: int = 3
    spares: int = 0
    spec: Mapping[str, Any] = field(default_factory=dict)
    restarts: int = 0
    yardstick: Yardstick | None = None
