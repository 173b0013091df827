"""Hosts for a test module: `from lab.hosts.fixtures import hosts` in its conftest.py."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from lab.hosts.hosts import Hosts
from lab.needs import reason

PACKAGES = Path(__file__).with_name("packages.txt").read_text().split()


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """Starts what a module asks for; gone at its end."""
    if os.geteuid() != 0:
        pytest.skip("hosts are made by root alone")
    if missing := missing_packages():
        pytest.skip(reason(missing))
    with Hosts(tmp_path_factory.mktemp("hosts")) as made:
        yield made


def missing_packages(needed: Sequence[str] = PACKAGES) -> list[str]:
    """Which of these Debian packages this machine does not have."""
    return [package for package in needed if not _installed(package)]


def _installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    try:
        return subprocess.run(query, capture_output=True, check=False).stdout == b"installed"
    except FileNotFoundError:
        return False  # not a Debian
