"""Apiservers that know of etcd what a stack's outputs say and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from lab.hosts.machine import until
from lab.kubernetes import control_plane, programs
from lab.kubernetes.addresses import API_PORT, Addresses
from lab.kubernetes.api import Api
from lab.kubernetes.credentials import Credentials

START_LIMIT_S = 60
END_LIMIT_S = 90
TAIL_LINES = 20


class Home:
    """The root folder of apiservers: theirs is the same, and they see nothing outside of it.

    `network`: three bytes of a loopback network that nobody else uses. `nameserver` is asked for
    names, if there is one.
    """

    def __init__(self, folder: Path, network: str, nameserver: str = "") -> None:
        self.root = folder / "root"
        (self.root / "etc").mkdir(parents=True)
        if nameserver:
            (self.root / "etc/resolv.conf").write_text(f"nameserver {nameserver}\n")
        shutil.copy(programs.KUBERNETES / "kube-apiserver", self.root)
        self.addresses = Addresses(IPv4Network(f"{network}.0/24"))
        self.credentials = Credentials(self.root / "own", self.addresses)
        self.etcd_flags: list[str] = []

    def follow(self, outputs: Mapping[str, Any], consumer: str = "apiserver") -> bool:
        """Puts the files where the outputs say; whether apiservers have to restart by what they
        say."""
        told = outputs["apiserver"][consumer]
        changed = {path for path, text in told["files"].items() if self._write(path, text)}
        former, self.etcd_flags = self.etcd_flags, told["flags"]
        return former != self.etcd_flags or not changed.isdisjoint(told["restart_on"])

    def files(self) -> dict[str, str]:
        """Path and text of all files that outputs have brought."""
        found = (
            path for path in sorted((self.root / "etc/kubernetes").rglob("*")) if path.is_file()
        )
        return {f"/{path.relative_to(self.root)}": path.read_text() for path in found}

    def _write(self, path: str, text: str) -> bool:
        """Whether that is a change. The file is whole at any time."""
        file = self.root / path.lstrip("/")
        if file.exists() and file.read_text() == text:
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.part")
        part.touch(mode=0o600)
        part.write_text(text)
        part.replace(file)
        return True


class Apiserver:
    """One of them, by its port. It ends with the tests, however they end."""

    def __init__(self, home: Home, port: int = API_PORT) -> None:
        self._home, self._port = home, port
        self.api = Api(home.addresses, home.credentials, port)
        self.log = home.root.parent / f"apiserver-{port}.log"
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Returns when it is ready; the seconds that it took."""
        began_s = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "chroot", self._home.root, *self._command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.starts += 1
        until(self._is_ready, START_LIMIT_S, self.tail)
        return time.monotonic() - began_s

    def stop(self) -> None:
        """As asked nicely; returns when it has ended."""
        assert self._process
        self._process.terminate()
        self._process.wait(END_LIMIT_S)

    def kill(self) -> None:
        """Ends it, wanted or not."""
        if self._process:
            self._process.kill()
            self._process.wait(END_LIMIT_S)

    def restart(self) -> None:
        """Returns when it is ready."""
        self.stop()
        self.start()

    def tail(self) -> str:
        """The last of what it said."""
        return "\n".join(self.log.read_text().splitlines()[-TAIL_LINES:])

    def _is_ready(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.tail()
        return self.api.is_ready()

    def _command(self) -> list[str]:
        home = self._home
        own = control_plane.apiserver(home.root, home.addresses, home.credentials, (), self._port)
        # A loopback address may not stand in an EndpointSlice.
        loopback = "--endpoint-reconciler-type=none"
        seen = [word.replace(str(home.root), "") for word in own]
        return [*seen, *home.etcd_flags, loopback]
