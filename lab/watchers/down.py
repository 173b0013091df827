"""Members that are down at the same time."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """Whether a member answered; at which time, in seconds of any one clock."""

    at_s: float
    member: str
    answers: bool


class DownAtOnce:
    """Told by several threads how each member answers, and who is one. A member counts from its
    first good answer on, as one that is still to join is not down, and for as long as it is known
    to have been listed: one that has left is not down either."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: list[Look] = []
        self._listed_until_s: dict[str, float] = {}

    def note(self, look: Look) -> None:
        with self._lock:
            self._looks.append(look)

    def listed(self, members: Iterable[str], asked_s: float) -> None:
        """These are the answer to a question that was asked then, so they were members by then."""
        with self._lock:
            self._listed_until_s.update(dict.fromkeys(members, asked_s))

    def most(self) -> int:
        """How many, at the worst moment."""
        with self._lock:
            looks = sorted(self._looks, key=lambda look: look.at_s)
        served: set[str] = set()
        down: set[str] = set()
        most = 0
        for look in looks:
            if look.answers:
                served.add(look.member)
                down.discard(look.member)
            elif look.member in served:
                down.add(look.member)
            most = max(most, sum(self._is_listed(member, look.at_s) for member in down))
        return most

    def _is_listed(self, member: str, at_s: float) -> bool:
        return at_s <= self._listed_until_s.get(member, -math.inf)
