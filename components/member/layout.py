"""Where a node keeps its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from components.spec import NodeSettings, Problem, SpecError
from components.spec.values.folders import UNREADABLE, unreadable_in


@dataclass(frozen=True)
class Layout:
    """Absolute folders of one node. `config` is written by us, `data` by etcd; `root` is above
    `data` and holds nothing of anybody else."""

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
    """The folders of `node`: on this machine all below its `root` (a relative one counts from the
    folder `project`), on a machine of its own where `paths` puts them."""
    if node.on_this_machine:
        return _below((project / node.root / node.name).absolute())
    paths = node.paths
    data = Path(paths.data)
    return Layout(
        root=data.parent,
        config=Path(paths.config),
        data=data,
        binaries=Path(paths.binaries),
        state=Path(paths.state),
        log=Path(paths.log),
    )


def _below(root: Path) -> Layout:
    return Layout(
        root=root,
        config=root / "etc",
        data=root / "data",
        binaries=root / "bin",
        state=root / "state",
        log=root / "log",
    )


def check_folders(layouts: Iterable[Layout]) -> None:
    """Raises SpecError if the project's own folder, below which they lie, has a name that not every
    program on a node can read."""
    parents = sorted({layout.root.parent for layout in layouts})
    if problems := [_problem(folder) for folder in parents if unreadable_in(str(folder))]:
        raise SpecError(problems)


def _problem(folder: Path) -> Problem:
    return Problem(
        path="cluster.root",
        value=str(folder),
        reason=f"{UNREADABLE}: {unreadable_in(str(folder))}",
        remedy="a folder whose whole path has letters, digits, spaces and . _ - only",
    )
