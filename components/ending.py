"""How the program ends when there is nothing more to say.

The official Python host interrupts a program when a resource has failed, and prints the traceback
that Python answers with; after a report it prints `program exited with non-zero exit code: 1`.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import NoReturn

import pulumi

# By which the host knows that the person has been told already; it prints nothing then
# (pulumi-language-python, pythonProcessExitedAfterShowingUserActionableMessage).
TOLD = 32


def end_at_interruption() -> None:
    """From now on an interruption ends the program at once, without a word."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, lambda *_: os._exit(TOLD))


def refuse(report: str) -> NoReturn:
    """Ends the program with this report and nothing else."""
    pulumi.log.error(report)
    raise SystemExit(TOLD)
