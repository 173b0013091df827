"""What is left of nodes that were refused before there was anything to stop."""

from __future__ import annotations

import shutil
from pathlib import Path


def remove_refused(root: Path, project: Path) -> None:
    """Remove node folders below `root` that hold nothing but the lock of a script's run.

    A refused `prepare` leaves that, and is no resource whose deletion could take it away.
    """
    if not root.resolve().is_relative_to(project.resolve()) or not root.is_dir():
        return
    for node in root.iterdir():
        files = {path.relative_to(node) for path in node.rglob("*") if not path.is_dir()}
        if files <= {Path("state/lock")}:
            shutil.rmtree(node)
    remove_if_empty(root, project)


def remove_if_empty(folder: Path, project: Path) -> None:
    """Remove an empty folder and those above it that are empty then, up to the project's own."""
    folder, project = folder.resolve(), project.resolve()
    while folder != project and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
