"""The program of `lab/verifier`: what Go says of chains, certificates and login keys."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
        answer: str = self._ask({"chain": chain, "key": key, "roots": roots})
        return answer

    def read(self, certificates: Sequence[bytes]) -> list[str]:
        """Why Go does not read each of them or verifies nothing with its key; empty where it
        does."""
        ders = [base64.b64encode(der).decode() for der in certificates]
        answers: list[str] = self._ask({"certificates": ders})
        return answers

    def open(self, logins: Sequence[tuple[str, str]]) -> list[str]:
        """Why Go's SSH client logs in with none of these keys and passwords; empty where it
        does."""
        asked = [{"key": key, "password": password} for key, password in logins]
        answers: list[str] = self._ask({"logins": asked})
        return answers

    def _ask(self, asked: dict[str, Any]) -> Any:
        self._questions.write(f"{json.dumps(asked)}\n")
        self._questions.flush()
        return json.loads(self._answers.readline())


@contextmanager
def verifier(folder: Path) -> Iterator[Verifier]:
    """Built below `folder`; it ends when its input does."""
    program = build("verifier", folder)
    with subprocess.Popen(
        [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Verifier(process)
