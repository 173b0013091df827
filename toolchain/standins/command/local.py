"""Runs a command on this machine."""

from __future__ import annotations

import os
import selectors
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any, cast

from toolchain.standins.command import wording
from toolchain.standins.command.call import Call, previous_environment
from toolchain.standins.command.errors import PluginError
from toolchain.standins.command.output import Output, Recorder, Stream

DEFAULT_INTERPRETER = ("/bin/sh", "-c")
CHUNK_BYTES = 64 * 1024


def run(command: str, inputs: Mapping[str, Any], previous: Output, call: Call) -> Output:
    """Run to the end of its output; raises PluginError when it fails.

    An interrupt kills the shell alone, and the end of the output is still waited for: whoever
    the shell started goes on, as under the official plugin.
    """
    if inputs.get("assetPaths") or inputs.get("archivePaths"):
        raise PluginError("the stand-in for the command plugin returns no assets or archives")
    if call.interrupt.reason:
        raise PluginError(wording.failed(call.interrupt.reason, command, ""))
    recorder = Recorder(call.log.status, inputs.get("logging"))
    with _start(command, inputs, previous) as process:
        call.interrupt.then(process.kill)
        _exchange(process, (inputs.get("stdin") or "").encode(), recorder)
    recorder.finish()
    problem = wording.local_exit(process.returncode)
    if problem:
        raise PluginError(wording.failed(problem, command, recorder.everything()))
    return recorder.output()


def _start(command: str, inputs: Mapping[str, Any], previous: Output) -> subprocess.Popen[bytes]:
    arguments = [*(inputs.get("interpreter") or DEFAULT_INTERPRETER), command]
    folder = inputs.get("dir")
    try:
        return subprocess.Popen(
            arguments,
            cwd=folder,
            env={
                **os.environ,
                **(inputs.get("environment") or {}),
                **previous_environment(inputs, previous),
            },
            stdin=subprocess.PIPE if inputs.get("stdin") else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
    except OSError as error:
        how = _start_problem(error, arguments[0], folder)
        raise PluginError(wording.failed(how, command, "")) from None


def _start_problem(error: OSError, program: str, folder: str | None) -> str:
    if folder is not None and error.filename == folder:
        return f"chdir {folder}: {wording.system_error(error)}"
    if "/" not in program:
        return f"exec: {wording.quoted(program)}: executable file not found in $PATH"
    return f"fork/exec {program}: {wording.system_error(error)}"


def _exchange(process: subprocess.Popen[bytes], stdin: bytes, recorder: Recorder) -> None:
    """Feed standard input and take the output, in one thread, until both streams end."""
    rest = memoryview(stdin)
    with selectors.DefaultSelector() as selector:
        selector.register(cast("IO[bytes]", process.stdout), selectors.EVENT_READ, Stream.STDOUT)
        selector.register(cast("IO[bytes]", process.stderr), selectors.EVENT_READ, Stream.STDERR)
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE, process.stdin)
        while selector.get_map():
            for key, _ in selector.select():
                if not isinstance(key.data, Stream):
                    rest = _write(key.data, rest, selector)
                elif chunk := os.read(key.fd, CHUNK_BYTES):
                    recorder.feed(key.data, chunk)
                else:
                    selector.unregister(key.fd)


def _write(pipe: IO[bytes], rest: memoryview, selector: selectors.BaseSelector) -> memoryview:
    """Write what fits; at the end, or when nobody reads on, close. Returns what is left."""
    with suppress(BrokenPipeError):
        rest = rest[os.write(pipe.fileno(), rest[:CHUNK_BYTES]) :]
        if rest:
            return rest
    selector.unregister(pipe)
    pipe.close()
    return rest[:0]
