"""What an operation is: changes of the stack file of a living cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from lab.client.client import Client
from lab.operations.changes import Change, Spec
from lab.stack import EtcdStack
from toolchain.versions import DEV_ETCD

Step = Callable[[Spec], Change]
"""What one `up` finds changed, by what the stack file says."""


class Watcher(AbstractContextManager["Watcher"], Protocol):
    """Looks at every member as long as it is entered."""

    def most_down(self) -> int:
        """How many members were down at once, at the worst moment."""

    def restarts(self) -> Mapping[str, int]:
        """By member: its processes, or pods, after the first."""


class Ground(Protocol):
    """A living cluster as an operation sees it. Nodes go by their names."""

    stack: EtcdStack

    def client(self) -> Client:
        """Writing from now on."""

    def watcher(self) -> Watcher:
        """Of all members, and of those that may join."""

    def spare_nodes(self) -> Mapping[str, Any]:
        """Nodes that may join, as the stack file would name them."""

    def leader_name(self) -> str:
        """Whose member leads."""

    def pick(self, names: Sequence[str]) -> str:
        """One of several that would do."""

    def release(self, version: str) -> Change:
        """What the stack file says of a version there."""

    def lose(self, name: str) -> None:
        """Its machine goes off for good; returns when the others have noticed."""

    def set_up_anew(self, name: str) -> Mapping[str, Any]:
        """Its machine gets an empty disk; returns what the stack file says of it then."""


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


def always(_: Ground) -> bool:
    """Most operations fit any cluster."""
    return True


@dataclass(frozen=True)
class Operation:
    """`steps` does to machines what happens to them beforehand; each step has an `up` of its own.
    `restarts`: of a member that was there before, at most. `fits`: whether a cluster is in a state
    to which it can be done; a new one of `founders` and `spares` with `version` is. `foundings`:
    how long an `up` of it usually takes, in times that of the first one took."""

    name: str
    title: str
    steps: Callable[[Ground], Sequence[Step]]
    fits: Callable[[Ground], bool] = always
    founders: int = 3
    spares: int = 0
    version: str = DEV_ETCD
    restarts: int = 0
    foundings: float = 1.0
    yardstick: Yardstick | None = None
