"""How long the lab spends on what: compiling, booting, founding, changing, asking the engine,
waiting, measuring."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Phase = Literal["compile", "boot", "found", "change", "destroy", "ask", "wait", "measure"]

_spent_s: defaultdict[str, float] = defaultdict(float)
_open: list[Phase] = []


@contextmanager
def phase(name: Phase) -> Iterator[None]:
    """Counts the time of its body to `name`. A phase inside another one, or in another thread than
    the main one, counts to what the main thread is in, so that the figures add up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _open.append(name)
    began_s = time.monotonic()
    try:
        yield
    finally:
        _open.pop()
        if not _open:
            _spent_s[name] += time.monotonic() - began_s


def take() -> dict[str, float]:
    """Seconds by phase since the last call."""
    spent = dict(_spent_s)
    _spent_s.clear()
    return spent
