"""A few tests in a folder of their own, run by pytest with a plugin of this suite."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SETTINGS = """\
[pytest]
testpaths = tests
addopts = -ra --strict-markers
markers =
    slow: as here
    soak: as here
    promise: as here
    standins_only: as here
"""


def make(folder: Path, files: Mapping[str, str]) -> Path:
    """Writes the files, by name, and the settings that this suite has too."""
    for name, text in {"pytest.ini": SETTINGS, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def pytest_in(folder: Path, plugin: str, *words: str, **environment: str) -> str:
    """What pytest says there."""
    plugins = [word for name in (plugin, "xdist", "pytest_rerunfailures") for word in ("-p", name)]
    command = (sys.executable, "-m", "pytest", "-q", *plugins, *words)
    given = {name: value for name, value in os.environ.items() if name != "CI"}
    path = {
        "PYTHONPATH": str(REPOSITORY),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # those of others take long to load
    }
    return subprocess.run(
        command,
        cwd=folder,
        env={**given, **path, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout
