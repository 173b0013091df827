"""Hosts for whoever is no test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.hosts.hosts import Hosts
from lab.hosts.pool import Pool


@contextmanager
def temporary_hosts() -> Iterator[tuple[Hosts, Path]]:
    """A lender of hosts, and an empty folder for a stack of theirs; all gone at the end."""
    # Hosts need a real disk, which a folder for temporary files may not be.
    with (
        tempfile.TemporaryDirectory(prefix="etcd-lab-", dir="/var/tmp") as name,
        Pool(Path(name)) as pool,
        Hosts(pool) as hosts,
    ):
        project = Path(name) / "project"
        project.mkdir()
        yield hosts, project
