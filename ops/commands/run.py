"""One run of the engine for a person. What a dead run has left does not stop it."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from ops.engine import locks, orphans
from ops.engine.events import Event
from ops.engine.locks import Lock
from ops.engine.pulumi import Engine, EngineError, Result, says_no_stack
from ops.errors import NoStack, OperationError
from ops.screen.failures import outcome, report
from ops.screen.progress import summary_line
from ops.screen.terminal import say, screen
from ops.stack import stackfile
from ops.stack.spec_mistakes import spec_report

_ATTEMPTS = 4
# What the engine says of a stack file that it cannot read. It does not say which file that is.
_UNREADABLE = re.compile(r"\A(getting stack configuration|invalid YAML file|yaml): ")


@dataclass(frozen=True)
class Run:
    """A successful run."""

    result: Result
    line: str


def run(engine: Engine, *args: str, show: Callable[[Event], None] | None = None) -> Run:
    """Run an engine command; `show` replaces the usual progress.

    Raises OperationError or NoStack.
    """
    started_s = time.monotonic()
    for _ in range(_ATTEMPTS):
        with screen() as view:
            result = engine.update(*args, on_event=show or view.show)
        seconds = time.monotonic() - started_s
        if result.code == 0:
            return Run(result, summary_line(result.events, seconds))
        if says_no_stack(result.stderr):
            raise NoStack
        if not _freed(engine, locks.parse(result.stderr)):
            break
    if held := locks.parse(result.stderr):
        raise OperationError(locks.report(held, engine.stack))
    if result.code < 0:
        name = signal.Signals(-result.code).name
        message = f"the engine was ended by {name}; run `{args[0]}` again, it cleans up first"
        raise OperationError(message)
    complaint = report(outcome(result.events), result.stderr, args[0])
    if _UNREADABLE.match(complaint):
        file = stackfile.read(engine.project, engine.stack).path.relative_to(engine.project)
        raise OperationError(f"{file} cannot be read: {_UNREADABLE.sub('', complaint)}")
    raise OperationError(spec_report(engine.project, engine.stack, complaint) or complaint)


def _freed(engine: Engine, held: tuple[Lock, ...]) -> bool:
    """True if the stack was locked by nothing but dead runs of this machine, and is free now."""
    if not held or not all(map(locks.is_abandoned, held)):
        return False
    for lock in held:
        say(f"the run of {lock.holder} ended without cleaning up; its lock is removed")
        if lock.file:
            # Exactly this lock: `pulumi cancel` would remove one that was taken just now as well.
            lock.file.unlink(missing_ok=True)
        else:
            _cancel(engine)
    if ended := orphans.end(engine.project):
        say(f"its plugins are ended too: {', '.join(map(str, ended))}")
    return True


def _cancel(engine: Engine) -> None:
    try:
        engine.call("cancel", "--yes")
    except EngineError as error:
        raise OperationError(str(error)) from error
