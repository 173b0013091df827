"""A project folder for the toolchain to work on: the real pins, nothing set up."""

from __future__ import annotations

from pathlib import Path

from toolchain import etcd
from toolchain.layout import Layout

REPOSITORY = Path(__file__).resolve().parents[2]
PINS = (
    *("requirements.txt", "requirements-dev.txt", "Pulumi.yaml", "toolchain", "stacks"),
    etcd.RELEASES,
)


def make(folder: Path) -> Layout:
    """The layout of an empty project that pins what this one pins."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PINS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(REPOSITORY / name)
    return Layout(folder)


def program(path: Path, text: str) -> Path:
    """A shell script that can be executed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path
