"""The measuring client of `lab/client/writer`, which follows a stack's outputs while it writes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.go_program import build

_END_LIMIT_S = 60


def build_writer(folder: Path) -> Path:
    """The program, below `folder`."""
    return build("client/writer", folder)


def write_identity(folder: Path, outputs: Mapping[str, Any]) -> None:
    """What the operator of a stack shows, trusts and dials, as files. Each is whole at any time: a
    client may look at once."""
    folder.mkdir(mode=0o700, exist_ok=True)
    operator = outputs["consumers"]["operator"]
    texts = {
        "cacert": outputs["ca_bundle"],
        "cert": operator["certificate"],
        "key": operator["key"],
        "endpoints": ",".join(outputs["endpoints"]),
    }
    for name, text in texts.items():
        part = folder / f"{name}.part"
        part.write_text(text)
        part.replace(folder / name)


class Client:
    """Writes as the operator of a stack, from its start until `report`; kept in `folder`. `within`
    is a command that runs it somewhere else, and becomes it. `rate`: writes a second."""

    def __init__(
        self,
        program: Path,
        folder: Path,
        outputs: Mapping[str, Any],
        within: Sequence[str] = (),
        *,
        rate: int = 200,
    ) -> None:
        self.csv = folder / "writes.csv"
        self._folder = folder
        self.follow(outputs)
        self._process = subprocess.Popen(
            [
                *within,
                program,
                f"-endpoints-file={folder / 'endpoints'}",
                *(f"-{name}={folder / name}" for name in ("cacert", "cert", "key")),
                f"-csv={self.csv}",
                f"-rate={rate}",
                "-clean",
                # Also where this process is killed: nothing would end the other session else.
                "-until-input-ends",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A share of the processor of its own: clients are elsewhere, not beside the engine.
            start_new_session=True,
        )
        assert self._process.stderr
        first = self._process.stderr.readline()  # says that it is connected
        if not first.startswith("writing"):
            raise RuntimeError(first)

    def follow(self, outputs: Mapping[str, Any]) -> None:
        """Gives it what the stack says now."""
        write_identity(self._folder, outputs)

    def report(self) -> dict[str, Any]:
        """Stops writing, reads everything back. RuntimeError if that fails."""
        report, errors = self._process.communicate(timeout=_END_LIMIT_S)  # ends its input
        if self._process.returncode != 0:
            raise RuntimeError(errors)
        found: dict[str, Any] = json.loads(report)
        return found

    def stop(self) -> None:
        """Ends it, wanted or not."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()
