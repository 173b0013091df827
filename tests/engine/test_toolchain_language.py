"""The Python language host's stand-in under the real engine."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support import trial_project

# A real engine runs.
pytestmark = pytest.mark.slow

T = TypeVar("T")
SLEEPER = """
import pulumi
import pulumi_command as command
command.local.Command("sleeper", create="sleep 20")
"""


def test_a_run_error_is_shown_as_its_message_only(tmp_path: Path) -> None:
    program = 'import pulumi\nraise pulumi.RunError("nodes: three are needed")\n'
    status, output = trial_project.make(tmp_path, program).run("preview")
    assert status != 0
    assert "error: nodes: three are needed" in output
    assert "Traceback" not in output
    assert "RunError" not in output


@pytest.mark.standins_only("language")
def test_an_exception_is_shown_with_the_programs_own_frames(tmp_path: Path) -> None:
    program = 'import json\ndef broken():\n    json.loads("{")\nbroken()\n'
    status, output = trial_project.make(tmp_path, program).run("preview")
    assert status != 0
    assert "in broken" in output
    assert "JSONDecodeError" in output
    assert "runpy" not in output
    assert "decoder.py" not in output
    assert "standins" not in output


@pytest.mark.standins_only("language")
def test_an_exception_in_an_apply_is_the_programs(tmp_path: Path) -> None:
    program = """
import pulumi
def late(value):
    raise ValueError("too late")
pulumi.export("x", pulumi.Output.from_input("v").apply(late))
"""
    status, output = trial_project.make(tmp_path, program).run("preview")
    assert status != 0
    assert "in late" in output, output
    assert "ValueError: too late" in output
    assert "asyncio" not in output


@pytest.mark.standins_only("language")
def test_a_program_that_exits_has_failed(tmp_path: Path) -> None:
    status, output = trial_project.make(tmp_path, "import sys\nsys.exit(3)\n").run("preview")
    assert status != 0
    assert "SystemExit: 3" in output


def test_modules_are_read_anew_for_each_run(tmp_path: Path) -> None:
    """A preview and its update share no module's state: the engine starts a host for each."""
    program = "import counted\ncounted.runs += 1\nassert counted.runs == 1\n"
    trial = trial_project.make(tmp_path, program)
    (tmp_path / "counted.py").write_text("runs = 0\n")
    status, output = trial.run("up", "--yes")
    assert status == 0, output


@pytest.mark.standins_only("language")
def test_a_failed_resource_ends_the_run_without_a_traceback(tmp_path: Path) -> None:
    program = """
import pulumi
import pulumi_command as command
first = command.local.Command("first", create="echo the disk is full >&2; exit 4")
command.local.Command("second", create="true", opts=pulumi.ResourceOptions(depends_on=[first]))
"""
    trial = trial_project.make(tmp_path, program)
    status, output = trial.run("up", "--yes", "--skip-preview")
    assert status != 0
    assert "the disk is full" in output
    assert "KeyboardInterrupt" not in output
    assert "Traceback" not in output


@pytest.mark.standins_only("language")
def test_a_call_that_the_engine_cancels_is_no_failure_of_the_program(tmp_path: Path) -> None:
    """As the SDK raises it now and then, where two resources are under way and one fails."""
    program = """
import grpc
class Cancelled(grpc.RpcError):
    def code(self):
        return grpc.StatusCode.CANCELLED
try:
    raise Cancelled
except Cancelled as call:
    raise Exception("context canceled")
"""
    status, output = trial_project.make(tmp_path, program).run("preview")
    assert status != 0
    assert "Traceback" not in output
    assert "program failed" not in output


def test_two_programs_run_at_once(tmp_path: Path) -> None:
    program = """
import os, time, pulumi
from pathlib import Path
from typing import TypeVar
Path("here").touch()
deadline = time.monotonic() + 20
while not (Path("../a/here").exists() and Path("../b/here").exists()):
    assert time.monotonic() < deadline, "the other one does not run"
    time.sleep(0.05)
pulumi.export("folder", os.getcwd())
"""
    trials = [trial_project.make(tmp_path / name, program) for name in ("a", "b")]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda trial: trial.run("up", "--yes", "--skip-preview"), trials))
    for trial, (status, output) in zip(trials, results, strict=True):
        assert status == 0, output
        assert f'folder: "{trial.folder}"' in output


@pytest.mark.standins_only("language")
def test_the_configuration_is_in_no_environment(tmp_path: Path) -> None:
    program = """
import pathlib, pulumi, subprocess
token = pulumi.Config().require_secret("token")
shown = subprocess.run(["env"], capture_output=True, text=True, check=True).stdout
pathlib.Path("environment").write_text(shown)
token.apply(lambda value: pathlib.Path("token").write_text(value))
"""
    trial = trial_project.make(tmp_path, program)
    status, output = trial.run("config", "set", "--secret", "token", "hunter22")
    assert status == 0, output
    status, output = trial.run("up", "--yes", "--skip-preview")
    assert status == 0, output
    assert (tmp_path / "token").read_text() == "hunter22"
    assert "hunter22" not in (tmp_path / "environment").read_text()
    assert "hunter22" not in output


@pytest.mark.standins_only("command", "language")
def test_host_and_plugins_end_with_a_killed_engine(tmp_path: Path) -> None:
    trial = trial_project.make(tmp_path, SLEEPER)
    engine = trial.start("up", "--yes", "--skip-preview")
    try:
        plugins = _wait_for_plugins(engine.pid, 2)
    finally:
        os.killpg(engine.pid, signal.SIGKILL)
        engine.wait()
    deadline = time.monotonic() + 5
    while any(map(_runs, plugins)):
        assert time.monotonic() < deadline, [_command(pid) for pid in plugins if _runs(pid)]
        time.sleep(0.05)


def _wait_for_plugins(engine: int, count: int) -> list[int]:
    """The engine's child processes, once there are so many that run our code."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        ours = [pid for pid in _children(engine) if "standins" in _command(pid)]
        if len(ours) >= count and any("standins/command" in _command(pid) for pid in ours):
            return ours
        time.sleep(0.05)
    raise AssertionError("the plugins did not start")


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _runs(pid: int) -> bool:
    return bool(_command(pid))
