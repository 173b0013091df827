"""`down`: stop the cluster. A throw-away stack is gone then; any other keeps its data."""

from __future__ import annotations

from ops.commands.project import FOLDER
from ops.commands.run import run
from ops.engine.pulumi import Engine, EngineError
from ops.errors import NoStack, OperationError
from ops.screen.terminal import say
from ops.stack import backend, stackfile
from ops.stack.leftovers import remove_refused


def down(engine: Engine) -> None:
    """Raises OperationError."""
    file = stackfile.read(FOLDER, engine.stack)
    throwaway = file.throwaway
    # An authority is protected outside of throw-away stacks: data that is kept stays usable.
    keep = () if throwaway else ("--exclude-protected",)
    try:
        say(run(engine, "destroy", "--yes", "--skip-preview", *keep).line)
    except NoStack:
        say(f"there is no stack {engine.stack}; nothing to stop")
    else:
        if throwaway:
            _forget(engine)
    if throwaway:
        remove_refused(FOLDER / file.root, FOLDER)
        if state := backend.folder(FOLDER):
            backend.remove_if_unused(state, FOLDER)


def _forget(engine: Engine) -> None:
    """Drop the stack with its history, but never its committed file."""
    try:
        engine.call("stack", "rm", "--yes", "--preserve-config", "--remove-backups")
    except EngineError as error:
        raise OperationError(str(error)) from error
