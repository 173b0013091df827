"""Go programs of the lab."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab.phases import phase

_LAB = Path(__file__).parent


@phase("compile")
def build(source: str, folder: Path) -> Path:
    """The program of that folder of the lab, below `folder`; Go keeps what has not changed."""
    path = folder / Path(source).name
    subprocess.run(["go", "build", "-o", path, "."], cwd=_LAB / source, check=True)
    return path
