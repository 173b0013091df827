"""Secrets as files for programs that take nothing else, for as long as they are needed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 -- only the parent; the folder in it is made for us alone


@contextmanager
def private_files(contents: Mapping[str, str]) -> Iterator[dict[str, Path]]:
    """Name to path, in a folder that only this user may enter and that is gone afterwards; in
    memory where the system offers that."""
    parent = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="etcd-cluster-", dir=parent) as folder:
        paths = {name: Path(folder) / name for name in contents}
        for name, path in paths.items():
            path.touch(mode=0o600)
            path.write_text(contents[name])
        yield paths
