"""A private OpenSSH server on the loopback address, for one user: whoever runs the tests."""

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.loopback import own_port
from lab.needs import which

PROGRAM = which("sshd")
START_LIMIT_S = 10
CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host-ed25519
HostKey {folder}/host-rsa
AuthorizedKeysFile {folder}/login.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UseDNS no
MaxStartups 100
PrintMotd no
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True)
class Server:
    """Where it listens, and the folder with its keys: host-ed25519, host-rsa, login."""

    port: int
    folder: Path

    def key(self, name: str) -> str:
        return (self.folder / name).read_text()

    def connection(self, **settings: Any) -> dict[str, Any]:
        """Checked settings that log in, with changes."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": getpass.getuser(),
            "privateKey": self.key("login"),
            "hostKey": self.key("host-ed25519.pub"),
            "dialErrorLimit": 0,
            "perDialTimeout": 10,
            **settings,
        }


def make_key(path: Path, *, kind: str = "ed25519", password: str = "") -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", password, "-C", "a comment", "-f", path], check=True
    )


@contextmanager
def running_sshd(folder: Path) -> Iterator[Server]:
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # sshd refuses to start without
    make_key(folder / "host-ed25519")
    make_key(folder / "host-rsa", kind="rsa")
    make_key(folder / "login")
    server = Server(own_port(), folder)
    config = folder / "sshd.conf"
    config.write_text(CONFIG.format(port=server.port, folder=folder))
    with (folder / "sshd.log").open("w") as log:
        process = subprocess.Popen([str(PROGRAM), "-D", "-e", "-f", config], stderr=log)
    try:
        _wait_until_it_listens(server.port)
        yield server
    finally:
        process.terminate()
        process.wait(START_LIMIT_S)


def _wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
