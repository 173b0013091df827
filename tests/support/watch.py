"""Watches processes while something else runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Watch:
    """Calls `look` again and again in a thread, and keeps what it answered."""

    def __init__(self, look: Callable[[], object], pause_s: float = 0.02) -> None:
        self.seen: list[object] = []
        self._look = look
        self._pause_s = pause_s
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._done.is_set():
            answer = self._look()
            if not self.seen or self.seen[-1] != answer:
                self.seen.append(answer)
            time.sleep(self._pause_s)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()
