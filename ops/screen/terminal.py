"""Puts progress on a terminal (finished lines above, what goes on below) or in a plain log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

from ops.engine.events import Event
from ops.screen.progress import Progress

console = Console(highlight=False, soft_wrap=True)
errors = Console(highlight=False, soft_wrap=True, stderr=True)


class Screen:
    """`show` is the engine's `on_event`; `progress.summary` is there once the engine is done."""

    def __init__(self, print_line: Callable[[Text], None]) -> None:
        self.progress = Progress()
        self._print_line = print_line

    def show(self, event: Event) -> None:
        for line in self.progress.feed(event, time.monotonic()):
            self._print_line(Text(line))

    def __rich__(self) -> Text:
        return Text("\n".join(self.progress.live(time.monotonic())), style="dim")


@contextmanager
def screen() -> Iterator[Screen]:
    """A screen for one run of the engine."""
    if not console.is_terminal:
        yield Screen(console.print)
        return
    view = Screen(console.print)
    with Live(view, console=console, refresh_per_second=8, transient=True):
        yield view


def say(text: str) -> None:
    console.print(Text(text))


def complain(text: str) -> None:
    errors.print(Text(text))
