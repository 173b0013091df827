"""Where a node keeps its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from components.spec import NodeSettings


@dataclass(frozen=True)
class Layout:
    """Absolute folders of one node. `config` is written by us, `data` by etcd."""

    root: Path
    config: Path
    data: Path
    binaries: Path
    state: Path
    log: Path

    @property
    def pki(self) -> Path:
        """Certificates and keys of the generation in use (a link)."""
        return self.config / "pki"


def layout_of(node: NodeSettings, project: Path) -> Layout:
    """The folders of `node`; a relative `root` counts from the folder `project`."""
    root = (project / node.root / node.name).absolute()
    return Layout(
        root=root,
        config=root / "etc",
        data=root / "data",
        binaries=root / "bin",
        state=root / "state",
        log=root / "log",
    )


def installed_binaries(node: NodeSettings, version: str, project: Path) -> Path:
    """The folder with etcd, etcdctl and etcdutl that somebody has put on the machine."""
    return (project / node.install.directory / version).absolute()
