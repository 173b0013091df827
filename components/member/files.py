"""A file of a member's generation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

SCRIPTS = Path(__file__).parent / "scripts"

# Folders of scripts, no two of which have a file of the same path.
ScriptPath = tuple[Path, ...]


@dataclass(frozen=True)
class File:
    """`path` is relative to the generation. `cold`: a running member takes it only by a restart.
    What has mode 0600 is etcd's to read; `group` names who else may read a file."""

    path: str
    content: bytes
    mode: int = 0o644
    cold: bool = False
    group: str = ""


def text_file(path: str, text: str, *, mode: int = 0o644, cold: bool = False) -> File:
    """A file from text."""
    return File(path, text.encode(), mode, cold)


@cache
def script(path: str, script_path: ScriptPath) -> bytes:
    """One of the fixed scripts, by its path below a folder of scripts that has it."""
    return next(root / path for root in script_path if (root / path).exists()).read_bytes()
