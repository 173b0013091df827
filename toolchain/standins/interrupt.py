"""How work in progress learns that its answer is no longer wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Interrupt:
    """Fires at most once; what should then happen is registered with `then`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._actions: list[Callable[[], object]] = []
        self.reason: str | None = None

    def fire(self, reason: str) -> None:
        """Run every registered action; later ones run as they are registered."""
        with self._lock:
            if self.reason is not None:
                return
            self.reason = reason
            actions, self._actions = self._actions, []
        for action in actions:
            action()

    def then(self, action: Callable[[], object]) -> None:
        """Run the action when the interrupt fires, at once if it has."""
        with self._lock:
            if self.reason is None:
                self._actions.append(action)
                return
        action()


class Interrupts:
    """One interrupt for each request in progress, and the engine's way to fire them all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: set[Interrupt] = set()
        self._cancelled = False

    def cancel(self) -> None:
        """Interrupt every request, those to come included."""
        with self._lock:
            self._cancelled = True
            current = list(self._current)
        for interrupt in current:
            interrupt.fire("context canceled")

    @contextmanager
    def during(self, context: Any, timeout_s: float) -> Iterator[Interrupt]:
        """The interrupt of a request: it goes away, takes longer than its time, or all are ended.

        `timeout_s` 0 is no limit.
        """
        interrupt = Interrupt()
        with self._lock:
            self._current.add(interrupt)
            cancelled = self._cancelled
        if cancelled or not context.add_callback(lambda: interrupt.fire("context canceled")):
            interrupt.fire("context canceled")
        timer = threading.Timer(timeout_s, interrupt.fire, ["context deadline exceeded"])
        if timeout_s > 0:
            timer.start()
        try:
            yield interrupt
        finally:
            timer.cancel()
            with self._lock:
                self._current.discard(interrupt)
