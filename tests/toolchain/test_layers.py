"""Which package may import which: what production runs stands alone, and tests are on top."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LAYERS = {
    "components": set(),
    "toolchain": set(),
    "ops": {"components"},
    "lab": {"components", "ops", "toolchain"},
    "bench": {"components", "lab", "ops", "toolchain"},
    "examples": set(),
}
OURS = {*LAYERS, "tests"}


def imported(source: str) -> Iterator[str]:
    """The top package of every import, also of one inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("package", LAYERS)
def test_a_package_imports_only_those_below_it(package: str) -> None:
    files = sorted((REPOSITORY / package).rglob("*.py"))
    assert files
    allowed = {package, *LAYERS[package]}
    wrong = {
        f"{path.relative_to(REPOSITORY)} imports {name}"
        for path in files
        for name in imported(path.read_text())
        if name in OURS - allowed
    }
    assert wrong == set()
