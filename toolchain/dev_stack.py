"""The dev stack: there from set-up on, so that the plain `pulumi` has a stack to work on."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.running import Job, JobError, run

NAME = "dev"
PART = "stack"


def state_folder(layout: Layout) -> Path:
    """Where the stack's state lies."""
    return layout.project / ".dev" / "state"


def backend(layout: Layout) -> str:
    """The state folder as the engine wants to be told."""
    return state_url(state_folder(layout))


def state_url(folder: Path) -> str:
    """A folder of this machine as a backend.

    Without files of metadata: the engine does not write those in one step, and one that it was
    killed over would make the whole state unreadable ("failed to load checkpoint: EOF").
    """
    return f"file://{quote(str(folder))}?metadata=skip"


def passphrase_file(layout: Layout) -> Path:
    """The stack's pass phrase, which is public."""
    return layout.project / "stacks" / f"{NAME}.passphrase"


def exists(layout: Layout) -> bool:
    """Whether the state knows the stack; asked of the disk, since the engine takes 0.2 s."""
    definition = (layout.project / "Pulumi.yaml").read_text()
    project = re.search(r"^name:\s*(\S+)", definition, re.MULTILINE)
    stacks = state_folder(layout) / ".pulumi" / "stacks"
    return project is not None and (stacks / project[1] / f"{NAME}.json").is_file()


def ensure(layout: Layout) -> None:
    """Make the state folder, for nobody else to read, and the empty stack in it."""
    folder = state_folder(layout)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if exists(layout):
        return
    environment = {
        "PULUMI_HOME": str(layout.pulumi_home),
        "PULUMI_BACKEND_URL": backend(layout),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase_file(layout)),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PATH": f"{layout.bin}:/usr/bin:/bin",
    }
    options = ("--no-select", "--non-interactive")
    command = (layout.bin / "pulumi", "stack", "init", NAME, *options)
    log = layout.logs / "stack.log"
    try:
        run(Job(PART, f"making {NAME}", command, log, cwd=layout.project, env=environment))
    except JobError as error:
        raise ToolchainError(f"the engine could not make the stack {NAME}:\n{error}") from error
