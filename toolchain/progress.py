"""Says what goes on: one line for each result, and a sign of life while something long runs."""

from __future__ import annotations

import sys
import time
from types import TracebackType

TTY_EVERY_S = 0.2
LOG_EVERY_S = 10.0
WIDTH = 100


def say(part: str, text: str) -> None:
    """One result: which part of the toolchain, and what about it."""
    print(f"{part:<8} {text}", flush=True)


class Progress:
    """A line that lives on a terminal; anywhere else one line every ten seconds.

    Used as a context manager around the work; `tick` is called as often as one likes.
    """

    def __init__(self, part: str, doing: str) -> None:
        self._part, self._doing = part, doing
        self._live = sys.stderr.isatty()
        self._start = self._shown = time.monotonic()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the work began."""
        return time.monotonic() - self._start

    def __enter__(self) -> Progress:
        return self

    def tick(self, detail: str = "") -> None:
        """Show that the work goes on; `detail` is its last line or its amount."""
        now = time.monotonic()
        if now - self._shown < (TTY_EVERY_S if self._live else LOG_EVERY_S):
            return
        self._shown = now
        line = f"{self._part:<8} {self._doing} ({self.elapsed_s:.0f} s) {detail}"[:WIDTH]
        print(f"\r{line:<{WIDTH}}" if self._live else line, end="", file=sys.stderr)
        print("", end="" if self._live else "\n", file=sys.stderr, flush=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live:
            print(f"\r{'':<{WIDTH}}\r", end="", file=sys.stderr, flush=True)
