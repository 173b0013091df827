"""The program of `lab/verifier`: what Go says of a chain."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from lab.phases import phase
from lab.stack import REPOSITORY


@phase("compile")
def build_verifier(folder: Path) -> Path:
    """The program, below `folder`."""
    path = folder / "verifier"
    subprocess.run(["go", "build", "-o", path, "."], cwd=REPOSITORY / "lab/verifier", check=True)
    return path


class Verifier:
    """Answers as long as it runs."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def ask(self, chain: str, roots: str, usages: Sequence[str], key: str = "") -> str:
        """Why the chain, its leaf first, is refused; empty where it is accepted. With `key`, the
        leaf is loaded with it, as a server does."""
        asked = {"chain": chain, "roots": roots, "usages": [*usages], "key": key}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        answer: str = json.loads(self._process.stdout.readline())
        return answer
