"""Looks at something again and again while something else runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from types import TracebackType
from typing import Generic, Self, TypeVar

Answer = TypeVar("Answer")


class Watch(Generic[Answer]):
    """Calls `look` in a thread, once more at the end, and keeps what it answered: `seen` has each
    answer that differs from the one before. What it raises is raised at the end: a watch that
    stopped looking has seen nothing."""

    def __init__(self, look: Callable[[], Answer], pause_s: float = 0.02) -> None:
        self.seen: list[Answer] = []
        self.looks = 0
        self._look = look
        self._pause_s = pause_s
        self._done = Event()
        self._executor = ThreadPoolExecutor(1)
        self._watching: Future[None]
        self._began_s = self._ended_s = 0.0

    @property
    def looks_per_s(self) -> float:
        """Over the whole time, when it has ended."""
        return self.looks / (self._ended_s - self._began_s)

    def _run(self) -> None:
        over = False
        while not over:
            over = self._done.wait(self._pause_s if self.looks else 0)
            answer = self._look()
            self.looks += 1
            if not self.seen or self.seen[-1] != answer:
                self.seen.append(answer)

    def __enter__(self) -> Self:
        self._began_s = time.monotonic()
        self._watching = self._executor.submit(self._run)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._executor.shutdown()
        self._ended_s = time.monotonic()
        self._watching.result()
