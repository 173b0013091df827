"""Runs of the engine that are cut off at a place one can name."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from lab.phases import phase
from lab.stack import EtcdStack
from ops.engine.events import Diagnostic, Event, Finished, Started, parse

LOG = logging.getLogger(__name__)  # shown when a test fails
UP = ("up", "--yes", "--skip-preview")


def seeded_chance() -> random.Random:
    """The same every time, or that of TEST_SEED: another for whoever looks for more."""
    seed = int(os.environ.get("TEST_SEED", "1"))
    LOG.warning("TEST_SEED=%s", seed)
    return random.Random(seed)


def begin_up(
    stack: EtcdStack, resource: str, event: type[Started] | type[Finished] = Started
) -> subprocess.Popen[str]:
    """An `up` that has just begun, or finished, an operation on a resource of that name."""
    return begin(UP, stack, resource, event)


def begin(
    command: Sequence[str],
    stack: EtcdStack,
    resource: str,
    event: type[Started] | type[Finished] = Started,
) -> subprocess.Popen[str]:
    """The same with any command of the engine."""
    said = []
    with phase(stack.phase_of(command[0])):
        engine = stack.start(*command, "--json")
        for found in events(engine):
            if isinstance(found, event) and _is_about(found, resource):
                return engine
            if isinstance(found, Diagnostic) and found.severity != "debug":
                said.append(found.message)
    raise AssertionError("\n".join([f"{resource} was not reached", *said]))


def says(engine: subprocess.Popen[str], text: str) -> bool:
    """Waits until it says so; false if it ends without. Events alone would not do: they carry the
    scripts, and with them all that might be said."""
    return any(isinstance(event, Diagnostic) and text in event.message for event in events(engine))


def events(engine: subprocess.Popen[str]) -> Iterator[Event]:
    """What it reports with `--json`, as it comes."""
    assert engine.stdout
    for line in engine.stdout:
        if event := parse(line):
            yield event


def _is_about(event: Started | Finished, resource: str) -> bool:
    step = event.step
    return step.custom and step.op != "same" and step.resource.name.startswith(resource)


def kill_engine(stack: EtcdStack, resource: str, delay_s: float) -> None:
    """SIGKILL in the middle of `up`; its plugins have to notice by themselves."""
    LOG.warning("SIGKILL %.2f s into %s", delay_s, resource)
    engine = begin_up(stack, resource)
    time.sleep(delay_s)
    engine.kill()
    engine.communicate(timeout=30)
    assert engine.returncode == -signal.SIGKILL, "it had ended before"


def kill_controller(engine: subprocess.Popen[str]) -> None:
    """As if the machine that the engine runs on died: with language host and plugins."""
    _kill_with_plugins(engine)
    assert engine.returncode == -signal.SIGKILL, "it had ended before"


def kill_controller_after(engine: subprocess.Popen[str], delay_s: float) -> bool:
    """Lets it run that long, and reads what it says. False if it had ended by then, and well."""
    try:
        output, _ = engine.communicate(timeout=delay_s)
    except subprocess.TimeoutExpired:
        output = _kill_with_plugins(engine)
    assert engine.returncode in {0, -signal.SIGKILL}, output
    return engine.returncode != 0


def _kill_with_plugins(engine: subprocess.Popen[str]) -> str:
    everybody = [engine.pid, *_descendants(engine.pid)]
    for pid in everybody:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    output, _ = engine.communicate(timeout=30)
    return output


def _descendants(pid: int) -> Iterator[int]:
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # a thread may end while it is asked
            for child in map(int, children.read_text().split()):
                yield child
                yield from _descendants(child)
