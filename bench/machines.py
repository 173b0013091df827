"""Hosts for a measurement."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import NotMeasurable
from tests.hosts.fixtures import missing_packages
from tests.hosts.hosts import Hosts


def require_hosts() -> None:
    """NotMeasurable where none can be made."""
    if os.geteuid() != 0:
        raise NotMeasurable("hosts are made by root alone")
    if missing := missing_packages():
        raise NotMeasurable(f"hosts need the Debian packages {' '.join(missing)}")


@contextmanager
def machines() -> Iterator[tuple[Hosts, Path]]:
    """A maker of hosts, and an empty folder for a stack of theirs; all gone at the end."""
    # Hosts need a real disk, which a folder for temporary files may not be.
    with (
        tempfile.TemporaryDirectory(prefix="etcd-bench-", dir="/var/tmp") as name,
        Hosts(Path(name)) as hosts,
    ):
        project = Path(name) / "project"
        project.mkdir()
        yield hosts, project
