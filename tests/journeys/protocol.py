"""What a journey has to know of the machines that it is made on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from lab.operations.changes import Change
from lab.stack import EtcdStack

FIRST_VERSION, NEXT_VERSION = "3.5.35", "3.6.16"


class Watcher(Protocol):
    """Looks at every member as long as it is entered, also at those that join meanwhile."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def most_down(self) -> int:
        """How many were down at once, at the worst moment; not who is to join or has left."""
        ...

    def restarts(self) -> Mapping[str, int]:
        """By the name of the node: its etcd processes after the first."""
        ...


class Platform(Protocol):
    """A stack that is created and not yet up: three founders with FIRST_VERSION, and two machines
    that may join. `within` is what a command begins with that is to reach the members;
    `member_type` is the end of the type of a member's component."""

    name: str
    member_type: str
    stack: EtcdStack
    within: Sequence[str]

    def watcher(self) -> Watcher:
        """Of the cluster as it is now; `client` below the stack's folder has an identity."""
        ...

    def newcomers(self) -> Mapping[str, Any]:
        """What the stack file says of the two that may join."""
        ...

    def upgrade(self) -> Change:
        """To NEXT_VERSION."""
        ...

    def replacement(self) -> Change:
        """A member dies for good; returns what a person then writes into the stack file."""
        ...

    def cut_power(self) -> None:
        """Of everything at once, and gives it back. Members may still be about to start."""
        ...

    def put_data_back(self) -> None:
        """What `destroy` has kept, so that the next `up` goes on with it."""
        ...

    def visits(self) -> object:
        """Another answer than before if the engine has asked a node anything meanwhile."""
        ...

    def left_over(self) -> Sequence[str]:
        """What a run of the engine would have to remove at its end, and has not."""
        ...

    def misplaced_keys(self) -> Sequence[str]:
        """Private keys that two nodes have, or that others than their owner may read."""
        ...

    def shown(self) -> Mapping[str, str]:
        """What people see of the members by now, by where: logs, and how they were started."""
        ...

    def why_down(self) -> str:
        """What a person would look at where members do not come back, beside what etcd says."""
        ...

    def keeps_data_of(self, name: str) -> bool:
        """Whether what a member had that has left the cluster is still there."""
        ...

    def remains(self) -> Sequence[str]:
        """After `destroy`: what is not the data, such as processes and keys."""
        ...

    def remove(self) -> None:
        """All that a journey leaves on machines, however it ended."""
        ...
