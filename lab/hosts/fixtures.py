"""Hosts for a test module: `from lab.hosts.fixtures import hosts` in its conftest.py."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from lab.hosts.hosts import Hosts
from lab.hosts.pool import Pool
from lab.needs import reason

PACKAGES = Path(__file__).with_name("packages.txt").read_text().split()


_POOL = pytest.StashKey[Pool]()


@pytest.fixture(scope="module")
def hosts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hosts]:
    """Lends what a module asks for; they go back at its end."""
    if os.geteuid() != 0:
        pytest.skip("hosts are made by root alone")
    if missing := missing_packages():
        pytest.skip(reason(missing))
    with Hosts(_pool(request.session, tmp_path_factory)) as lent:
        yield lent


def _pool(session: pytest.Session, tmp_path_factory: pytest.TempPathFactory) -> Pool:
    """One for all modules of a worker. Not a fixture: each conftest.py that imports one would have
    its own."""
    if _POOL not in session.stash:
        session.stash[_POOL] = Pool(tmp_path_factory.mktemp("hosts"))
        session.addfinalizer(session.stash[_POOL].close)
    return session.stash[_POOL]


def missing_packages(needed: Sequence[str] = PACKAGES) -> list[str]:
    """Which of these Debian packages this machine does not have."""
    return [package for package in needed if not _installed(package)]


def _installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    try:
        return subprocess.run(query, capture_output=True, check=False).stdout == b"installed"
    except FileNotFoundError:
        return False  # not a Debian
