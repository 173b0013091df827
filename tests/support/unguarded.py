"""Stand-ins without their guard, for what must be shown of a stack that is not throw-away.

The exception is made here, outside of the product: a copy of the plugins' start scripts that takes
the guard's verdict away before anything is loaded.
"""

from __future__ import annotations

import os
from pathlib import Path

from lab.stack import LAYOUT, REPOSITORY

START = f"""\
#!{LAYOUT.python}
import runpy, sys
sys.path.insert(0, {str(REPOSITORY)!r})
from toolchain.standins import guard
guard.refusal = lambda *_: None
runpy.run_path({{folder!r}}, run_name="__main__")
"""


def environment(folder: Path) -> dict[str, str]:
    """Makes the start scripts in `folder`; the variables with which an engine uses them."""
    bin_folder = folder / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "pulumi").symlink_to((LAYOUT.bin / "pulumi").resolve())
    _start_script(bin_folder / "pulumi-language-python", "language")
    for plugin in (LAYOUT.pulumi_home / "plugins").glob("resource-*/pulumi-resource-*"):
        copied = folder / "home" / "plugins" / plugin.parent.name
        copied.mkdir(parents=True)
        _start_script(copied / plugin.name, plugin.name.removeprefix("pulumi-resource-"))
    return {
        "PATH": os.pathsep.join([str(bin_folder), str(LAYOUT.bin), os.environ["PATH"]]),
        "PULUMI_HOME": str(folder / "home"),
    }


def _start_script(path: Path, stand_in: str) -> None:
    path.write_text(START.format(folder=str(REPOSITORY / "toolchain" / "standins" / stand_in)))
    path.chmod(0o700)
