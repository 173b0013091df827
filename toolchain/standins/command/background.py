"""One event loop, in one thread, for the SSH connections of all requests."""

from __future__ import annotations

import asyncio
import functools
import queue
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
Later = Callable[[Callable[[], object]], None]
"""Hands an action to the thread of the request, which runs them in order."""
Work = Callable[[Later], Coroutine[Any, Any, T]]


@functools.cache
def loop() -> asyncio.AbstractEventLoop:
    """The loop; the first use starts its thread."""
    created = asyncio.new_event_loop()
    threading.Thread(target=created.run_forever, name="ssh", daemon=True).start()
    return created


def run(work: Work[T]) -> T:
    """Run the work on the loop and what it hands back on this thread, until it ends.

    What may block (the engine's log) is handed back, so that it holds up no other request.
    """
    actions: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
    future = asyncio.run_coroutine_threadsafe(work(actions.put), loop())
    future.add_done_callback(lambda _: actions.put(None))
    while (action := actions.get()) is not None:
        action()
    return future.result()
