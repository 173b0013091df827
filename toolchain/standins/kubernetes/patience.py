"""How long a wait may go on: until its time is over, or nobody wants its end any more."""

from __future__ import annotations

import threading
import time

from toolchain.standins.interrupt import Interrupt


class Patience:
    """Begins to run out when it is made."""

    def __init__(self, seconds: float, interrupt: Interrupt) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._interrupt = interrupt
        self._stopped = threading.Event()
        interrupt.then(self._stopped.set)

    @property
    def interrupted(self) -> bool:
        """Whether the request that waits has been given up."""
        return self._interrupt.reason is not None

    @property
    def over(self) -> bool:
        """Whether there is nothing left of it."""
        return self.interrupted or time.monotonic() >= self._end

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the end."""
        self._stopped.wait(max(0.0, min(seconds, self._end - time.monotonic())))
