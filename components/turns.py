"""The order in which members change and leave, on machines and in pods alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar


class PlannedMember(Protocol):
    """A member whose turn is planned: the commands that change it and that take it out."""

    @property
    def applied(self) -> Any:
        """The one that brings the member to its desired state."""

    @property
    def leaving(self) -> Any:
        """The one whose deletion takes it out of its cluster."""


Subject = TypeVar("Subject")
Member = TypeVar("Member", bound=PlannedMember)


def in_turn(
    subjects: Iterable[Subject],
    after: Sequence[Any],
    take: Callable[[Subject, Sequence[Any], Sequence[Any]], Member],
) -> list[Member]:
    """What `take` makes of each subject, from the turn that it waits for and those that it leaves
    before. The first turn comes `after`, each further one when the one before is over: a failure
    stops the chain with at most one member down. Two members must not leave at once either. Each
    depends on all before it: the engine looks at direct dependencies among those that go, and
    whoever was between them may stay."""
    turn: Sequence[Any] = after
    leave_before: list[Any] = []
    members = []
    for subject in subjects:
        member = take(subject, turn, leave_before)
        turn = [member.applied]
        leave_before = [*leave_before, member.leaving]
        members.append(member)
    return members
