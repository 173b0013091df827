"""The libraries of a node's scripts, with some of their functions replaced."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from tests.node.machine import Shell
from tests.support.scripts import SCRIPTS


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


def run_actions(
    shell: Shell, settings: Mapping[str, object], code: str
) -> subprocess.CompletedProcess[str]:
    """Runs `code` after the functions of all libraries, of prepare, apply and leave, with these
    settings; any other is a brace, which nothing means."""
    actions = "".join(f". '{SCRIPTS / name}'\n" for name in ("prepare.sh", "apply.sh", "leave.sh"))
    cases = " ".join(f"{name}) echo '{value}' ;;" for name, value in settings.items())
    setting = f"setting() {{ case $1 in {cases} *) echo '{{}}' ;; esac; }}\n"
    return run_with_libraries(shell, actions + setting, code)
