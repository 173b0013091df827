"""Machines for the tests of the scripts, under the two shells that nodes have."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node.machine import Machine, Shell

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Not in busybox: supervisord, and flock in Debian's (Alpine's has it).
BESIDE_BUSYBOX = ("supervisord", "flock")


@pytest.fixture(scope="session", params=["dash", "busybox"])
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


@pytest.fixture
def network() -> Iterator[str]:
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


@pytest.fixture
def machine(tmp_path: Path, network: str, shell: Shell) -> Iterator[Machine]:
    """Three nodes, nothing on them yet."""
    machine = Machine(tmp_path, network, shell)
    yield machine
    machine.end()


@pytest.fixture
def single(machine: Machine) -> Machine:
    """One node, for what does not need others."""
    machine.nodes = 1
    return machine
