"""Commands that stand in front of a machine's own."""

from __future__ import annotations

from pathlib import Path

from tests.node.machine import Shell


def with_fakes(shell: Shell, folder: Path, **texts: str) -> Shell:
    """A shell that finds these scripts first, by their commands' names."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return Shell(shell.name, f"{folder}:{shell.path}", shell.sh)
