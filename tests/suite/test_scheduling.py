"""The longest files come first, unless an order is asked for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import scheduling

SECONDS = {"a.py::one": 1, "b.py::one": 9, "c.py::one": 1, "c.py::two": 1}


@pytest.mark.parametrize(
    ("in_order", "expected"),
    [
        (False, ["b.py::one", "c.py::two", "c.py::one", "a.py::one"]),
        (True, ["a.py::one", "c.py::two", "b.py::one", "c.py::one"]),
    ],
)
def test_the_order(in_order: bool, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "kept_seconds", lambda: SECONDS)
    config = SimpleNamespace(getoption={"--in-order": in_order}.get, stash=pytest.Stash())
    names = ("a.py::one", "c.py::two", "b.py::one", "c.py::one")
    items = [SimpleNamespace(nodeid=name) for name in names]
    scheduling.pytest_collection_modifyitems(config, items)  # type: ignore[arg-type]
    assert [item.nodeid for item in items] == expected
