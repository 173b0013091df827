"""This project and its stacks."""

from __future__ import annotations

import os
from pathlib import Path

from ops.engine.pulumi import Engine, EngineError
from ops.errors import OperationError
from ops.stack import backend, stackfile

FOLDER = Path(__file__).resolve().parents[2]


def engine_for(stack: str) -> Engine:
    """Raises OperationError if there is no stack file (a typo should not make an empty stack), or
    none that can be read: the engine says of neither which file that is."""
    file = stack_file(stack)
    if fault := stackfile.fault(file):
        raise OperationError(f"{file.relative_to(FOLDER)} cannot be read: {fault}")
    return Engine(FOLDER, stack)


def stack_file(stack: str) -> Path:
    """Where it is. Raises OperationError if it is not there."""
    file = stackfile.read(FOLDER, stack).path
    # Unlike Path.exists this answers for a name that is too long as well.
    if not os.path.exists(file):
        raise OperationError(f"no stack {stack}: {file.relative_to(FOLDER)} does not exist")
    return file


def create_stack(engine: Engine) -> None:
    """Make the stack in its backend, with the secrets provider that its stack file names: without
    that word the engine would take a pass phrase and write the stack file anew."""
    provider = stackfile.read(engine.project, engine.stack).secrets_provider
    named = ("--secrets-provider", provider) if provider else ()
    try:
        engine.call("stack", "init", "--no-select", *named)
    except EngineError as error:
        raise OperationError(str(error)) from error


def prepare_backend() -> None:
    if state := backend.folder(FOLDER):
        backend.prepare(state)
