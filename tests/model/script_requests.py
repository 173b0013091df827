"""Scripts run as they are; what they ask their machine and etcdctl is answered by the world."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.node.machine import Done

RUN_TIMEOUT_S = 60
Answer = tuple[int, str]


@dataclass
class Crash:
    """The script is killed at its request number `at`, before or `after` its effect. `files`: also
    at steps that change files; `of`: only requests of this name are counted."""

    at: int
    after: bool
    files: bool = False
    of: str = ""

    def comes(self, asked: Sequence[str]) -> bool:
        """One more of them was asked for; this is the one."""
        self.at -= not self.of or asked[0] == self.of
        return self.at <= 0


class Requests:
    """A named pipe in `folder` where scripts ask."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "requests"
        os.mkfifo(self._path)
        # Open for both, so that it never ends.
        self._pipe = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)

    def close(self) -> None:
        os.close(self._pipe)

    def run(
        self, words: list[str], answer: Callable[[list[str]], Answer], crash: Crash | None
    ) -> Done:
        """A script until its end; its requests are answered one after the other."""
        started = time.monotonic()
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={
                "PATH": os.environ["PATH"],
                "SIMULATION": str(self.folder),
                "SIMULATED_STEPS": "yes" if crash and crash.files else "",
            },
            start_new_session=True,
        )
        said = self._serve(process, answer, crash)
        output, errors = (text.decode() for text in said)
        return Done(process.wait(), output, errors, time.monotonic() - started)

    def _serve(
        self,
        process: subprocess.Popen[bytes],
        answer: Callable[[list[str]], Answer],
        crash: Crash | None,
    ) -> tuple[bytes, bytes]:
        assert process.stdout
        assert process.stderr
        said = {process.stdout.fileno(): b"", process.stderr.fileno(): b""}
        deadline = time.monotonic() + RUN_TIMEOUT_S
        with selectors.DefaultSelector() as selector:
            for descriptor in (*said, self._pipe):
                selector.register(descriptor, selectors.EVENT_READ)
            while len(selector.get_map()) > 1:
                for key, _ in selector.select(timeout=1):
                    if key.fd != self._pipe:
                        text = os.read(key.fd, 65536)
                        said[key.fd] += text
                        if not text:
                            selector.unregister(key.fd)
                        continue
                    for request in os.read(self._pipe, 65536).decode().splitlines():
                        self._answer(process, request, answer, crash)
                if time.monotonic() > deadline:
                    os.killpg(process.pid, signal.SIGKILL)
                    raise TimeoutError(process.args)
        errors, output = said[process.stderr.fileno()], said[process.stdout.fileno()]
        process.stdout.close()
        process.stderr.close()
        return output, errors

    def _answer(
        self,
        process: subprocess.Popen[bytes],
        request: str,
        answer: Callable[[list[str]], Answer],
        crash: Crash | None,
    ) -> None:
        reply, *words = request.split(" ")
        was_killed = crash is not None and crash.at <= 0
        killed = crash is not None and crash.comes(words)
        if was_killed or (crash and killed and not crash.after):
            self._kill(process, reply)
            return
        status, text = answer(words)
        if killed:
            self._kill(process, reply)
            return
        with open(reply, "w") as pipe:
            Path(reply).unlink()
            pipe.write(f"{status}\n{text}\n" if text else f"{status}\n")

    def _kill(self, process: subprocess.Popen[bytes], reply: str) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(FileNotFoundError):
            Path(reply).unlink()
