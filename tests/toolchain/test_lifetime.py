"""A plugin ends with whoever started it, killed or not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.node.processes import lives
from tests.support.toolchain_folder import REPOSITORY

PLUGIN = """
import os, threading
from toolchain.standins.lifetime import call_when_engine_is_gone
call_when_engine_is_gone(lambda: os._exit(7))
print(os.getpid(), flush=True)
threading.Event().wait(30)
"""
LIMIT_S = 5


def start(stdin: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PLUGIN],
        cwd=REPOSITORY,
        stdin=stdin,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_end_of_standard_input_is_the_engines_end() -> None:
    plugin = start(subprocess.PIPE)
    assert plugin.stdout
    assert plugin.stdin
    plugin.stdout.readline()
    plugin.stdin.close()
    assert plugin.wait(LIMIT_S) == 7
    plugin.stdout.close()


def test_what_is_written_to_standard_input_is_not_its_end() -> None:
    plugin = start(subprocess.PIPE)
    assert plugin.stdout
    assert plugin.stdin
    plugin.stdout.readline()
    plugin.stdin.write("x")
    plugin.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):
        plugin.wait(0.5)
    plugin.stdin.close()
    assert plugin.wait(LIMIT_S) == 7
    plugin.stdout.close()


@pytest.mark.slow
def test_without_a_pipe_the_parent_is_watched(tmp_path: Path) -> None:
    """The shell starts the plugin and goes; nobody is told, the plugin has to see it."""
    plugin = tmp_path / "plugin.py"
    plugin.write_text(PLUGIN)
    script = '"$1" "$2" < /dev/null > "$3" & sleep 1'
    subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, str(plugin), str(tmp_path / "pid")],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=True,
    )
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + LIMIT_S
    while lives(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
