"""Watches processes while something else runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self


class Watch:
    """Calls `look` again and again in a thread, and keeps what it answered. What it raises is
    raised at the end: who stopped looking has seen nothing."""

    def __init__(self, look: Callable[[], object], pause_s: float = 0.02) -> None:
        self.seen: list[object] = []
        self._look = look
        self._pause_s = pause_s
        self._done = threading.Event()
        self._executor = ThreadPoolExecutor(1)
        self._watching: Future[None]

    def _run(self) -> None:
        while not self._done.is_set():
            answer = self._look()
            if not self.seen or self.seen[-1] != answer:
                self.seen.append(answer)
            time.sleep(self._pause_s)

    def __enter__(self) -> Self:
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
        self._watching.result()
