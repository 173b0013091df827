"""The libraries of a node's scripts, with some of their functions replaced."""

from __future__ import annotations

import subprocess

from components.node.files import SCRIPTS
from tests.node.machine import Shell


def run_with_libraries(shell: Shell, replaced: str, code: str) -> subprocess.CompletedProcess[str]:
    """Runs `code` after all libraries and then the functions that are `replaced`."""
    libraries = "".join(f". '{path}'\n" for path in sorted((SCRIPTS / "lib").glob("*.sh")))
    return subprocess.run(
        [shell.sh, "-c", f"set -eu\n{libraries}{replaced}{code}"],
        env={"PATH": shell.path},
        capture_output=True,
        text=True,
        check=False,
    )
