"""Go programs of the lab."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from lab.phases import phase
from toolchain.golang import BUILD, GO_ENV

_LAB = Path(__file__).parent


@phase("compile")
def build(source: str, folder: Path) -> Path:
    """The program of that folder of the lab, below `folder`; Go keeps what has not changed. Most of
    it was compiled with etcd."""
    path = folder / Path(source).name
    command = ["go", *BUILD, "-o", str(path), "."]
    subprocess.run(command, cwd=_LAB / source, env={**os.environ, **GO_ENV}, check=True)
    return path
