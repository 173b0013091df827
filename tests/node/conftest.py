"""Machines for the tests of the scripts, under the two shells that nodes have."""

from __future__ import annotations

import dataclasses
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.member.timeouts import TIMEOUTS
from lab.needs import needs
from tests.node.machine import Machine, Shell

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Not in busybox: supervisord, and flock in Debian's (Alpine's has it).
BESIDE_BUSYBOX = ("supervisord", "flock")


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long under dash repeats itself under busybox, which the hosts' tests use too."""
    for item in items:
        call = getattr(item, "callspec", None)
        if call and call.params.get("shell") == "busybox" and item.get_closest_marker("slow"):
            item.add_marker("soak")


SHELLS = [pytest.param(name, marks=needs(name)) for name in ("dash", "busybox")]


@pytest.fixture(scope="session", params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """dash with the GNU tools, or busybox with nothing but its own applets."""
    folder = tmp_path_factory.mktemp(request.param)
    interpreter = _which(request.param)
    link(folder, "sh", interpreter)
    if request.param == "dash":
        link(folder, "supervisord", _which("supervisord"))
        return Shell("dash", f"{folder}:{SYSTEM_PATH}", str(folder / "sh"))
    applets = subprocess.run([interpreter, "--list"], capture_output=True, text=True, check=True)
    for applet in set(applets.stdout.split()) - {"sh", *BESIDE_BUSYBOX}:
        link(folder, applet, interpreter)
    for command in BESIDE_BUSYBOX:
        link(folder, command, _which(command))
    return Shell("busybox", str(folder), str(folder / "sh"))


def link(folder: Path, name: str, target: str) -> None:
    (folder / name).symlink_to(target)


def _which(command: str) -> str:
    found = shutil.which(command, path=f"{Path(sys.executable).parent}:{SYSTEM_PATH}")
    if found is None:
        pytest.fail(f"these tests need the command {command}")
    return found


@contextmanager
def reserved_network() -> Iterator[str]:
    """Three bytes of a loopback network that no other test uses, in this run or another one."""
    for third in range(256):
        with socket.socket() as reservation:
            try:
                reservation.bind((f"127.50.{third}.254", 2400))
            except OSError:
                continue
            yield f"127.50.{third}"
            return
    pytest.fail("no loopback network is free")


@contextmanager
def new_machine(folder: Path, shell: Shell, nodes: int = 3) -> Iterator[Machine]:
    with reserved_network() as network:
        machine = Machine(folder, network, shell, nodes=nodes)
        try:
            yield machine
        finally:
            machine.end()


@pytest.fixture
def machine(tmp_path: Path, shell: Shell) -> Iterator[Machine]:
    """Three nodes, nothing on them yet."""
    with new_machine(tmp_path, shell) as machine:
        yield machine


@pytest.fixture
def single(tmp_path: Path, shell: Shell) -> Iterator[Machine]:
    """One node, for what does not need others."""
    with new_machine(tmp_path, shell, nodes=1) as machine:
        yield machine


@pytest.fixture
def timeouts(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets deadlines of the plans that follow, such as `timeouts(gate_s=1)`."""

    def shorten(**values: int) -> None:
        changed = dataclasses.replace(TIMEOUTS["local"], **values)
        monkeypatch.setitem(TIMEOUTS, "local", changed)

    return shorten
