"""The program of `lab/verifier`: what a TLS handshake in Go says of a chain."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.go_program import build


class Verifier:
    """Asks the program as long as it runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self._questions, self._answers = process.stdin, process.stdout

    def ask(self, chain: str, key: str, roots: str) -> str:
        """Why server and client that both show the chain, its leaf first, do not come to terms over
        127.0.0.1; empty where they do."""
        asked = {"chain": chain, "key": key, "roots": roots}
        self._questions.write(f"{json.dumps(asked)}\n")
        self._questions.flush()
        answer: str = json.loads(self._answers.readline())
        return answer


@contextmanager
def verifier(folder: Path) -> Iterator[Verifier]:
    """Built below `folder`; it ends when its input does."""
    program = build("verifier", folder)
    with subprocess.Popen(
        [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Verifier(process)
