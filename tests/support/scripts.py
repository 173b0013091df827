"""All scripts of a machine in one folder, as a payload has them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from components.machine.script_path import SCRIPT_PATH


def _in_one_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="etcd-scripts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for root in SCRIPT_PATH:
        shutil.copytree(root, folder, dirs_exist_ok=True)
    return folder


SCRIPTS = _in_one_folder()
