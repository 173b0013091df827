"""Which tests there are, and which of them run alone: a plugin, and whoever asks it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

PYTEST = (sys.executable, "-m", "pytest", "-q")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to."""
    parser.addoption("--collected-to", metavar="FILE", help="write the node ids there, as JSON")


def pytest_collection_finish(session: pytest.Session) -> None:
    """What `-m` has selected: by node id, whether it runs alone."""
    if file := session.config.getoption("--collected-to"):
        found = {item.nodeid: bool(item.get_closest_marker("alone")) for item in session.items}
        Path(file).write_text(json.dumps(found))


def collect(*words: str, seed: str) -> dict[str, bool]:
    """The node ids of the tests that pytest selects by these words, each with whether it runs
    alone; `seed` is their TEST_SEED. Ends this process where some file cannot be collected."""
    with tempfile.NamedTemporaryFile(prefix="etcd-tests-") as file:
        query = (*PYTEST, "-p", "tests.tiers.collected", "--collect-only", "--unchanged=soak")
        command = (*query, f"--collected-to={file.name}", *words)
        environment = {**os.environ, "TEST_SEED": seed}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        found: dict[str, bool] = json.loads(Path(file.name).read_text())
    return found
