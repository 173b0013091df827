"""Where everything lies: one git-ignored folder in the project, per version."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ETCD_PROGRAMS = ("etcd", "etcdctl", "etcdutl")


@dataclass(frozen=True)
class Layout:
    """Paths of one project's toolchain; `project` is absolute."""

    project: Path

    @property
    def home(self) -> Path:
        """The toolchain's own folder; deleting it undoes every set-up."""
        return self.project / ".toolchain"

    @property
    def bin(self) -> Path:
        """Links to the programs that a person calls; first on PATH after sourcing `env`."""
        return self.home / "bin"

    @property
    def env(self) -> Path:
        """The file to source."""
        return self.home / "env"

    @property
    def venv(self) -> Path:
        """The program's Python environment."""
        return self.home / "venv"

    @property
    def python(self) -> Path:
        """The interpreter of the Python environment."""
        return self.venv / "bin" / "python"

    @property
    def pulumi_home(self) -> Path:
        """The engine's own folder: plugins, the selected stack."""
        return self.home / "pulumi-home"

    @property
    def stamp(self) -> Path:
        """What the last complete set-up was made from."""
        return self.home / "setup.json"

    @property
    def work(self) -> Path:
        """Unfinished work; everything in it may be deleted at any time no set-up runs."""
        return self.home / "work"

    @property
    def logs(self) -> Path:
        """Full output of what set-up ran."""
        return self.home / "logs"

    @property
    def modules(self) -> Path:
        """The committed Go modules to build from."""
        return self.project / "toolchain" / "go"

    def pulumi(self, version: str) -> Path:
        """The folder of one engine; the command itself is `pulumi` in it."""
        return self.home / "pulumi" / version

    def etcd(self, version: str) -> Path:
        """The folder of one etcd release: etcd, etcdctl, etcdutl."""
        return self.home / "etcd" / version

    def etcd_for(self, version: str, architecture: str) -> Path:
        """The same for Linux machines of that architecture, whatever this machine is."""
        return self.home / f"etcd-{architecture}" / version

    def kubernetes(self, version: str) -> Path:
        """The folder of one Kubernetes release's programs, CoreDNS and pause among them."""
        return self.home / "kubernetes" / version


def is_program(path: Path) -> bool:
    """Whether the path is a file that can be executed."""
    return path.is_file() and os.access(path, os.X_OK)
