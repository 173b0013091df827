"""Machines with real folders, and etcd processes without an etcd."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.model.raft import Copy


@dataclass(eq=False)
class Process:
    """A running etcd: what it read at its start, and since when it serves clients and peers."""

    pid: int
    copy: Copy
    name: str
    peer_url: str
    client_url: str
    bundle: str
    version: str
    flag: str
    since_s: float
    ready: bool = False


@dataclass(eq=False, repr=False)
class Machine:
    """`side`: machines of different sides do not reach each other, nor does the controller, which
    is on side 0, unless `ssh`. `ours`: its member is down by our hand."""

    name: str
    root: Path
    on: bool = True
    side: int = 0
    side_since_s: float = 0
    ssh: bool = True
    ours: bool = False
    process: Process | None = None

    def __repr__(self) -> str:
        return self.name

    @property
    def answers_controller(self) -> bool:
        return self.on and (self.side == 0 or self.ssh)

    @property
    def identity(self) -> Path:
        """Names the copy that the data folder holds."""
        return self.root / "data" / "member" / "identity"

    @property
    def copy_number(self) -> int | None:
        return int(self.identity.read_text()) if self.identity.exists() else None

    @property
    def leaf(self) -> str:
        """Certificates are read anew at every handshake."""
        return (self.root / "etc" / "pki" / "peer.pem").read_text()

    @property
    def version(self) -> str:
        """Of the programs that it is started with."""
        return (self.root / "etc" / "current" / "bin").readlink().name

    def configuration(self) -> dict[str, str]:
        """What etcd is started with; KeyError for what is not there."""
        text = (self.root / "etc" / "etcd.env").read_text()
        return {
            key: shlex.split(value)[0] for key, value in re.findall(r"^(\w+)=(.*)$", text, re.M)
        }


def minor_of(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def address_of(url: str) -> str:
    return url.removeprefix("https://").rpartition(":")[0]
