"""The `pulumi` command, driven as the Automation API drives it, with two differences.

`Stack.up` there makes five more calls than the one that does the work (one of them decrypts the
stack's configuration), a second of a person's time; and it leaves the engine running when this
process is told to stop. Here an update is one call, and an interruption reaches the engine.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from ops.engine.events import Event, parse

_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class EngineError(Exception):
    """`pulumi` has refused or failed; the text is its own."""


def says_no_stack(message: str) -> bool:
    """The stack does not exist, or not even the folder that its state would lie in."""
    # Engines before 3.276 say it of a bucket, in which a folder is one of them.
    folder = 'unable to open state directory "file:' in message or "bucket file:" in message
    return (folder and "no such file" in message) or "no stack named " in message


@dataclass(frozen=True)
class Result:
    """The end of an update: every event, and what was printed beside them."""

    code: int
    events: tuple[Event, ...]
    stderr: str


@dataclass(frozen=True)
class Engine:
    """`pulumi` for one stack of one project folder, in this process' environment and `extra`."""

    project: Path
    stack: str
    extra: Mapping[str, str] = field(default_factory=dict)

    def call(self, *args: str) -> str:
        """Standard output of a short command. Raises EngineError."""
        with self._start(*args) as process:
            stdout, stderr = process.communicate()
        if process.returncode != 0:
            raise EngineError(_message(stderr))
        return stdout

    def update(self, *args: str, on_event: Callable[[Event], None]) -> Result:
        """Run up, preview, destroy or refresh and hand on each event as it comes."""
        events: list[Event] = []
        with _interruptions() as interruptions, self._start(*args, "--json") as process:
            interruptions.reach(process)
            assert process.stdout  # noqa: S101 -- a pipe, see _start
            assert process.stderr  # noqa: S101
            with _collected(process.stderr) as stderr:
                for line in process.stdout:
                    if event := parse(line):
                        events.append(event)
                        on_event(event)
                process.wait()
        return Result(process.returncode, tuple(events), _message("".join(stderr)))

    def _start(self, *args: str) -> subprocess.Popen[str]:
        command = ["pulumi", *args, "--stack", self.stack, "--non-interactive", "--color=never"]
        environment = os.environ | {
            "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        try:
            return subprocess.Popen(
                command,
                cwd=self.project,
                env=environment | dict(self.extra),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                # A terminal's Ctrl-C then reaches the engine once, through us.
                start_new_session=True,
            )
        except FileNotFoundError:
            message = "no `pulumi` on PATH: `make setup` lays one into .toolchain/bin"
            raise EngineError(message) from None


class _Interruptions:
    """Hands interruptions on to the engine. The first ends what is under way, the second the
    engine itself."""

    def __init__(self) -> None:
        self._engine: subprocess.Popen[str] | None = None
        self._came = False

    def reach(self, engine: subprocess.Popen[str]) -> None:
        """The engine has started; it also hears of what came before."""
        self._engine = engine
        if self._came:
            engine.send_signal(signal.SIGINT)

    def take(self, _number: int, _frame: FrameType | None) -> None:
        sys.stderr.write("stopping after what is under way; once more to stop at once\n")
        sys.stderr.flush()
        if self._engine:
            self._engine.send_signal(signal.SIGINT)
        else:
            self._came = True


@contextmanager
def _interruptions() -> Iterator[_Interruptions]:
    """Takes interruptions from before the engine starts: what is caught here, a program begins
    with at its default, and SIGINT is ignored in what a shell started in its background."""
    interruptions = _Interruptions()
    previous = {number: signal.signal(number, interruptions.take) for number in _INTERRUPTIONS}
    try:
        yield interruptions
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def _collected(stream: IO[str]) -> Iterator[list[str]]:
    """The lines of a stream, read beside another one so that neither blocks the process."""
    lines: list[str] = []
    reader = threading.Thread(target=lines.extend, args=(stream,))
    reader.start()
    try:
        yield lines
    finally:
        reader.join()


def _message(stderr: str) -> str:
    """The engine's own complaint, without the plugin notices and what plugins print."""
    text = stderr.strip()
    start = text.rfind("\nerror: ")
    return text[start + 1 :].removeprefix("error: ")
