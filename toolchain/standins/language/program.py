"""Runs a Pulumi program, and says what went wrong in it as its author wants to read it."""

from __future__ import annotations

import asyncio
import logging
import os
import runpy
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from pathlib import Path
from typing import Any

import grpc
import pulumi
from pulumi.runtime import reset_options, run_in_stack, set_all_config

from toolchain.standins.language.failure import Origins, explain

TOLD = 32
DEFAULT_ORGANIZATION = "organization"
THREADS_PER_RESOURCE = 4  # as the official host: a registration waits on several calls


class Outcome(Enum):
    """How a run ended. A failed one has been told to the engine's log already."""

    DONE = "done"
    FAILED = "failed"


def configure(request: Any, engine: str) -> None:
    """Point the SDK at `engine`, whose log it writes to, and hand it the stack's configuration.

    Configuration goes from the request into the SDK's memory and nowhere else: an environment
    variable would show its secrets to every child process.
    """
    reset_options(
        project=request.project,
        stack=request.stack,
        root_directory=request.info.root_directory,
        parallel=request.parallel,
        engine_address=engine,
        monitor_address=request.monitor_address,
        preview=request.dryRun,
        organization=request.organization or DEFAULT_ORGANIZATION,
    )
    set_all_config(dict(request.config), list(request.configSecretKeys))


def fail(message: str) -> Outcome:
    """Tell the engine's log, which is all that the person sees."""
    pulumi.log.error(message)
    return Outcome.FAILED


def run_program(request: Any) -> Outcome:
    """Run `__main__.py` of the request's program folder until its last resource is registered."""
    folder = Path(request.info.program_directory, request.info.entry_point).resolve()
    _enter(folder, Path(request.pwd or folder))
    return _outcome(lambda: runpy.run_path(str(folder), run_name="__main__"), folder, request)


def _enter(folder: Path, working_folder: Path) -> None:
    """Make the process look as if it had been started as `python __main__.py`."""
    os.chdir(working_folder)
    sys.path[0] = str(folder)
    sys.argv = [str(folder)]


def _outcome(program: Callable[[], Any], folder: Path, request: Any) -> Outcome:
    # The program's own failure is what is to be read, not that a task behind it saw it too.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    threads = max(request.parallel, 1) * THREADS_PER_RESOURCE
    origins = Origins()
    with asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(ThreadPoolExecutor(threads))
        runner.get_loop().set_task_factory(origins.new_task)
        try:
            runner.run(run_in_stack(program))
        except pulumi.RunError as error:
            return fail(str(error))
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.UNAVAILABLE:
                return Outcome.DONE  # the engine ends a run in which a resource has failed
            return fail(f"the engine refused a call: {error.details()}")
        except SystemExit as end:
            # As the official host: with this code the program has told its reason.
            return Outcome.FAILED if end.code == TOLD else fail(explain(end, folder))
        except BaseException as error:  # noqa: BLE001
            told = _was_cancelled(error)
            return Outcome.FAILED if told else fail(explain(origins.restore(error), folder))
    return Outcome.DONE


def _was_cancelled(error: BaseException) -> bool:
    """The SDK's own error for a call that was under way when the engine ended the run; the engine
    has said why."""
    call = error.__context__
    return isinstance(call, grpc.RpcError) and call.code() is grpc.StatusCode.CANCELLED
