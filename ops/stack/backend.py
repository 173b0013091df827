"""Where the state lies, as far as a folder of this machine is concerned."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ops.stack.leftovers import remove_if_empty


def folder(project: Path, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of a `file://` backend inside the project; None for every other backend.

    Only such a folder is ours to create and to remove.
    """
    parts = urlsplit(environ.get("PULUMI_BACKEND_URL", ""))
    if parts.scheme != "file" or parts.netloc:  # file://~ and file://. are not below the project
        return None
    path = Path(unquote(parts.path)).resolve()
    return path if path.is_relative_to(project.resolve()) else None


def shown(environ: Mapping[str, str] = os.environ) -> str:
    """The backend's URL without what may be secret in it: user, password and options."""
    url = environ.get("PULUMI_BACKEND_URL")
    if not url:
        return "the backend of `pulumi login`"
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def prepare(path: Path) -> None:
    """The engine wants the folder to exist. The state in it is its owner's alone."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)


def remove_if_unused(path: Path, project: Path) -> None:
    """Remove a backend without stacks, and the folders above it that are empty then."""
    if any(p.suffix == ".json" for p in (path / ".pulumi" / "stacks").rglob("*")):
        return
    shutil.rmtree(path / ".pulumi", ignore_errors=True)
    remove_if_empty(path, project)
