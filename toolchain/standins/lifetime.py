"""How a plugin process learns that its engine is gone.

The engine holds the other end of the plugin's standard input, so its end is the engine's end,
even after `kill -9`. Whoever starts a plugin without such a pipe is watched as the parent process.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from collections.abc import Callable

PARENT_POLL_S = 0.5
READ_BYTES = 4096


def call_when_engine_is_gone(action: Callable[[], None]) -> None:
    """Start the watch in the background; `action` runs once, on the watching thread."""

    def watch() -> None:
        _wait_for_end()
        action()

    threading.Thread(target=watch, name="engine-watch", daemon=True).start()


def _wait_for_end() -> None:
    descriptor = sys.stdin.fileno() if sys.stdin else -1
    if descriptor >= 0 and stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        while os.read(descriptor, READ_BYTES):
            pass
        return
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_S)
