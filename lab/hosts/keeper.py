"""What holds a run's mounts and takes away all that the run made, however the run ends."""

from __future__ import annotations

import secrets
import subprocess
from contextlib import suppress
from pathlib import Path

SCRIPT = Path(__file__).with_name("keeper.sh")
REMOVAL_LIMIT_S = 60
# A host with systemd has 7, and the kernel's default of 128 is for all that runs as root.
WATCHERS_OF_FILES = 1024


class Keeper:
    """Everything of one run: a folder, a control group and a mount namespace."""

    def __init__(self, folder: Path) -> None:
        _allow_watchers_of_files()
        self.run = f"h{secrets.token_hex(3)}"
        self.folder = folder / self.run
        (self.folder / "hosts").mkdir(parents=True)
        self.group = _unified_hierarchy() / f"etcd-{self.run}"
        self.group.mkdir()
        command = ["unshare", "--mount", "--propagation", "private", "--", "sh", str(SCRIPT)]
        self._process = subprocess.Popen(
            [*command, str(self.folder), str(self.group)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interrupt from the keyboard is for the tests
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def takes_away(self, bridge: str) -> None:
        """The run's network too, and its rules."""
        assert self._process.stdin
        self._process.stdin.write(f"{bridge}\n".encode())
        self._process.stdin.flush()

    def command(self, *words: str) -> list[str]:
        """A command line that runs among the run's mounts."""
        return ["nsenter", f"--mount=/proc/{self._process.pid}/ns/mnt", "--", *words]

    def call(self, *words: str) -> None:
        """Runs it there."""
        done = subprocess.run(
            self.command(*words), capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stderr}"

    def seen(self, path: Path) -> Path:
        """A path among the run's mounts, as the tests reach it."""
        return Path(f"/proc/{self._process.pid}/root{path}")

    def close(self) -> None:
        """Hosts off, and nothing of them left."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(REMOVAL_LIMIT_S)
        self._process.stdout.close()
        assert not self.folder.exists(), f"{self.folder} is still there"


def _allow_watchers_of_files() -> None:
    """Enough inotify instances for the hosts of several workers. It stays so until the machine
    boots: there may be other runs."""
    limit = Path("/proc/sys/fs/inotify/max_user_instances")
    if int(limit.read_text()) < WATCHERS_OF_FILES:
        with suppress(OSError):  # where this machine is itself a container, it is for its host
            limit.write_text(str(WATCHERS_OF_FILES))


def _unified_hierarchy() -> Path:
    """Where the kernel's control groups of the second version are mounted."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, path, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(path)
    raise LookupError("no cgroup2 is mounted")
