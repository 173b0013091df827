"""A host as a thing with a power switch and a disk."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lab.hosts.images import layers
from lab.hosts.keeper import Keeper
from lab.hosts.network import Network
from lab.phases import phase

BOOT = Path(__file__).with_name("boot.sh")
BOOT_LIMIT_S = 60.0
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Result:
    """What a command on a host answered."""

    status: int
    stdout: str
    stderr: str

    def ok(self) -> Result:
        """Itself, if the command succeeded."""
        assert self.status == 0, f"status {self.status}\n{self.stdout}\n{self.stderr}"
        return self


@phase("wait")
def until(done: Callable[[], bool], limit_s: float, problem: Callable[[], str]) -> None:
    """Waits for it, and fails with the problem when it takes too long."""
    deadline = time.monotonic() + limit_s
    while not done():
        assert time.monotonic() < deadline, problem()
        time.sleep(0.05)


class Machine:
    """Power, disk and a way in that leaves no trace. Its disk is a layer over its image."""

    def __init__(
        self, name: str, image: str, userland: str, *, number: int, keeper: Keeper, network: Network
    ) -> None:
        self.name, self.image, self.userland = name, image, userland
        self.address = network.address(number)
        machine = f"{keeper.run}{number:02}"
        self.interface = f"vb-{machine}"
        self._machine = machine
        self._keeper, self._network = keeper, network
        self._folder = keeper.folder / "hosts" / machine
        self._group = keeper.group / machine
        self._process: subprocess.Popen[bytes] | None = None
        self._group.mkdir()
        self._folder.mkdir()

    def files(self) -> Path:
        """The host's root folder as seen from here, also when it is off. An absolute symbolic
        link in it leads to this machine's files."""
        return self._keeper.seen(self._folder / "root")

    def console(self) -> str:
        """What it printed while it booted."""
        return (self._folder / "console.log").read_text(errors="replace")

    def is_on(self) -> bool:
        """Also while it boots; not after its own `poweroff`."""
        return self._process is not None and self._process.poll() is None

    def power_on(self) -> None:
        """Returns at once; see `wait_ready`."""
        assert not self.is_on(), f"{self.name} is on"
        arguments = [
            *("--quiet", f"--directory={self._folder / 'root'}", f"--machine={self._machine}"),
            *(f"--hostname={self.name}", f"--network-bridge={self._network.bridge}"),
            *("--register=no", "--keep-unit", "--resolv-conf=off", "--timezone=off"),
            *("--link-journal=no", "--console=pipe", "--boot"),
        ]
        with (self._folder / "console.log").open("a") as console:
            self._process = subprocess.Popen(
                self._keeper.command("sh", str(BOOT), str(self._group), self.interface, *arguments),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )

    def power_off(self) -> None:
        """At once, as by the switch; what was written to files stays."""
        (self._group / "cgroup.kill").write_text("1")
        self.reap()
        until(lambda: not self.pids(), BOOT_LIMIT_S, lambda: f"{self.name} does not die")

    def reap(self) -> None:
        """Waits for what is about to end."""
        if self._process is not None:
            self._process.wait(BOOT_LIMIT_S)
        self._process = None

    def reboot(self) -> None:
        """As its own `reboot` does it; returns when it is ready again."""
        before = self.leader()
        self.inside("reboot")
        until(lambda: not _alive(before), BOOT_LIMIT_S, lambda: f"no reboot\n{self.console()}")
        self.wait_ready()

    def wait_ready(self, timeout_s: float = BOOT_LIMIT_S) -> None:
        """Until its sshd answers and its init has started all it has to. Nobody logs in."""
        raise NotImplementedError

    def inside(self, command: str, *, timeout_s: float = 60) -> Result:
        """What root's shell on the host answers, reached without SSH."""
        namespaces = ["nsenter", f"--target={self.leader()}", "-m", "-u", "-i", "-n", "-p", "-C"]
        clean = ["env", "-i", f"PATH={PATH}", "HOME=/root", "/bin/sh", "-c", command]
        done = subprocess.run(
            [*namespaces, "--", *clean],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def pids(self) -> list[int]:
        """Of all its processes, as numbered here; among them those that hold it up from outside."""
        found: list[int] = []
        for folder, _, files in os.walk(self._group):  # which passes over what goes meanwhile
            if "cgroup.procs" in files:
                with suppress(OSError):
                    found += map(int, Path(folder, "cgroup.procs").read_text().split())
        return found

    def leader(self) -> int:
        """The process that is its init, as numbered here."""
        found: list[int] = []

        def looked() -> bool:
            found[:] = [pid for pid in self.pids() if _number_inside(pid) == 1]
            return bool(found)

        until(looked, 10, lambda: f"{self.name} has no init\n{self.console()}")
        return found[0]

    def answers(self) -> bool:
        """Whether an SSH server speaks at its address."""
        with suppress(OSError), socket.create_connection((self.address, 22), 1) as connection:
            return connection.recv(4) == b"SSH-"
        return False

    def _mount(self) -> None:
        """An empty disk over the image."""
        for folder in ("upper", "work", "root"):
            (self._folder / folder).mkdir()
        lower = ":".join(str(layer) for layer in layers(self.image, self.userland))
        places = f"upperdir={self._folder / 'upper'},workdir={self._folder / 'work'}"
        options = f"lowerdir={lower},{places}"
        root = str(self._folder / "root")
        self._keeper.call("mount", "-t", "overlay", "-o", options, "overlay", root)

    def _discard(self) -> None:
        """Off, and without a disk."""
        self.power_off()
        self._keeper.call("umount", str(self._folder / "root"))
        self._keeper.call("rm", "-rf", "--one-file-system", str(self._folder))


def _number_inside(pid: int) -> int:
    """A process's number in its own host; 0 for one that is in none."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("NSpid:"):
                _, *numbers = line.split()
                return int(numbers[-1]) if len(numbers) > 1 else 0
    return 0


def _alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
