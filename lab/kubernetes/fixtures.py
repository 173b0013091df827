"""A lab for a test module: `from lab.kubernetes.fixtures import lab` in its conftest.py."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from lab.kubernetes.lab import Lab
from lab.kubernetes.programs import missing


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Three nodes, ready; gone at the module's end."""
    need_lab()
    with Lab(tmp_path_factory.mktemp("lab")) as made:
        yield made


def need_lab() -> None:
    """Skips where no lab can be made; in CI, where nothing may be left out, fails."""
    if reason := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
