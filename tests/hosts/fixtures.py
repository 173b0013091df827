"""Hosts for a test module: `from tests.hosts.fixtures import hosts` in its conftest.py."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.hosts.hosts import Hosts
from tests.hosts.keeper import missing_tools


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """Starts what a module asks for; gone at its end."""
    if os.geteuid() != 0:
        pytest.skip("hosts are made by root alone")
    if missing := missing_tools():
        pytest.skip(f"hosts need the Debian packages {' '.join(missing)}")
    with Hosts(tmp_path_factory.mktemp("hosts")) as made:
        yield made
