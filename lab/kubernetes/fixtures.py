"""A lab for test modules: `from lab.kubernetes.fixtures import lab` in its conftest.py."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from lab.kubernetes.lab import Lab
from lab.kubernetes.programs import missing

_LAB = pytest.StashKey[Lab]()


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Three nodes, ready, shared by the modules of a worker; each uses namespaces of its own. A
    module that breaks the control plane makes its own lab."""
    need_lab()
    shared = _shared(request.session, tmp_path_factory)
    yield shared
    shared.restore()


def _shared(session: pytest.Session, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Not a fixture: each conftest.py that imports one would have its own."""
    if _LAB not in session.stash:
        made = Lab(tmp_path_factory.mktemp("lab"))
        made.__enter__()
        session.stash[_LAB] = made
        session.addfinalizer(made.close)
    return session.stash[_LAB]


def need_lab() -> None:
    """Skips where no lab can be made; in CI, where nothing may be left out, fails."""
    if reason := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
