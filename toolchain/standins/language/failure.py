"""What to print of a program's failure: where in the program it happened, and nothing else."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

STAND_INS = Path(__file__).resolve().parents[1]


class Origins:
    """Where exceptions were first raised.

    The SDK waits for the same task in several places, and asyncio forgets an exception's traceback
    after the first of them (CPython clears it when it raises a future's exception).
    """

    def __init__(self) -> None:
        # By identity, since not every exception can be a key; holding it keeps the identity.
        self._born: dict[int, tuple[BaseException, TracebackType | None]] = {}

    def new_task(
        self, loop: asyncio.AbstractEventLoop, work: Any, /, **options: Any
    ) -> asyncio.Task[Any]:
        """For `loop.set_task_factory`: remembers a task's exception before anyone sees it."""
        task = asyncio.Task(work, loop=loop, **options)
        task.add_done_callback(self._remember)
        return task

    def _remember(self, task: asyncio.Task[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error:
            self._born.setdefault(id(error), (error, error.__traceback__))

    def restore(self, error: BaseException) -> BaseException:
        """The exception with the traceback that it was born with."""
        _, trace = self._born.get(id(error), (error, error.__traceback__))
        return error.with_traceback(trace)


def explain(error: BaseException, folder: Path) -> str:
    """The traceback of a failure of the program in `folder`, other people's frames left out."""
    report = traceback.TracebackException.from_exception(error)
    for part in _with_causes(report):
        own = [frame for frame in part.stack if _is_own(frame.filename, folder)]
        part.stack = traceback.StackSummary.from_list(own or part.stack)
    return f"The program failed:\n{''.join(report.format())}"


def _with_causes(
    report: traceback.TracebackException | None,
) -> Iterator[traceback.TracebackException]:
    while report:
        yield report
        report = report.__cause__ or report.__context__


def _is_own(file: str, folder: Path) -> bool:
    """Whether a file is the program's: below its folder, not an installed package, not ours."""
    path = Path(file)
    others = (sys.prefix, STAND_INS)
    return path.is_relative_to(folder) and not any(path.is_relative_to(other) for other in others)
