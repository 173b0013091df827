"""A shell that finds other commands than the machine has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from tests.node.machine import Shell


def shell_with(
    shell: Shell, folder: Path, fakes: Mapping[str, str], *, without: Collection[str] = ()
) -> Shell:
    """`shell` and its commands, less those in `without`; `fakes` are the bodies of shell scripts
    by the name of the command. They are found in `folder`, which is made."""
    folder.mkdir()
    for name, body in fakes.items():
        (folder / name).write_text(f"#!{shell.sh}\n{body}\n")
        (folder / name).chmod(0o755)
    if not without:
        return Shell(shell.name, f"{folder}:{shell.path}", shell.sh)
    for part in map(Path, shell.path.split(":")):
        for command in part.iterdir() if part.is_dir() else ():
            link = folder / command.name
            if command.name not in without and not link.is_symlink() and not link.exists():
                link.symlink_to(command)
    return Shell(shell.name, str(folder), str(folder / "sh"))
