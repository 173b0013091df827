"""Members that are down at the same time."""

from __future__ import annotations

import threading
from collections.abc import Collection


class DownAtOnce:
    """Told by several threads how each member answers. A member counts from its first good answer
    on: one that is still to join is not down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._served: set[str] = set()
        self._down: set[str] = set()
        self._seen: set[frozenset[str]] = set()

    def note(self, member: str, *, answers: bool) -> None:
        """At this moment."""
        with self._lock:
            if answers:
                self._served.add(member)
                self._down.discard(member)
            elif member in self._served:
                self._down.add(member)
            self._seen.add(frozenset(self._down))

    def most(self, members: Collection[str]) -> int:
        """How many of these, at the worst moment."""
        return max((len(down & {*members}) for down in self._seen), default=0)
