"""Plugins that a killed engine has left."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops.engine import orphans

NOBODY = "127.0.0.1:1"
Start = Callable[..., int]


@pytest.fixture
def start() -> Iterator[Start]:
    """A process that looks like a plugin."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(folder: Path, engine: str, name: str = "pulumi-resource-command") -> int:
        words = [f"/plugins/{name}", engine, "--follow", "/dev/null"]
        tail = shutil.which("tail")
        plugin = subprocess.Popen(words, executable=tail, cwd=folder, stderr=subprocess.DEVNULL)
        started.append(plugin)
        return plugin.pid

    yield begin
    for plugin in started:
        plugin.kill()
        plugin.wait()


def test_whose_engine_is_gone_is_ended(start: Start, tmp_path: Path) -> None:
    names = ("pulumi-resource-command", "pulumi-language-python")
    pids = {start(tmp_path, NOBODY, name) for name in names}
    assert {*orphans.end(tmp_path)} == pids
    assert orphans.end(tmp_path) == []


def test_whose_engine_lives_is_left_alone(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as engine:
        start(tmp_path, f"127.0.0.1:{engine.getsockname()[1]}")
        assert orphans.end(tmp_path) == []


def test_another_projects_and_other_programs_are_left_alone(start: Start, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    start(other, NOBODY)
    start(tmp_path, NOBODY, "etcd")
    start(tmp_path, "10.0.0.1:1")
    assert orphans.end(tmp_path) == []
