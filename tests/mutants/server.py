"""Runs pytest again and again, each time in a child that has loaded it already.

A program of its own, which has loaded nothing of the checkout that it is started in: every child
reads that as it is then. A line of JSON `[ARGUMENTS, OUTPUT FILE]` on standard input is answered by
the child's number and, when it has ended, by its exit code.
"""

from __future__ import annotations

import json
import os
import signal
import sys

import hypothesis.stateful  # noqa: F401 -- what takes longest to load
import pulumi  # noqa: F401
import pydantic  # noqa: F401
import pytest
import xdist.plugin  # noqa: F401


def main() -> None:
    """Until standard input ends."""
    sys.path[0] = os.getcwd()  # as `python -m pytest` has it
    for line in sys.stdin:
        arguments, output = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(arguments, output)
        _answer(child)
        _answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _run(arguments: list[str], output: str) -> None:
    os.setsid()
    # A shell ignores it for what it starts in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing, file = os.open(os.devnull, os.O_RDONLY), os.open(output, os.O_WRONLY | os.O_CREAT)
    for source, target in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(source, target)
    code = int(pytest.main(arguments))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
