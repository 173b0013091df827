"""What is kept on this machine from run to run, outside the clone."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(name: str) -> Path:
    """A folder of that name in the user's cache, made if it is not there."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "etcd-cluster" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
