"""Which package may import which: what production runs stands alone, and tests are on top."""

from __future__ import annotations

import ast
import re
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


# The same within `ops`, by folder.
OPS = {
    "engine": set[str](),
    "stack": set[str](),
    "screen": {"engine"},
    "cluster": {"engine", "errors"},
    "commands": {"cluster", "engine", "errors", "screen", "stack"},
}


@pytest.mark.parametrize("folder", OPS)
def test_a_folder_of_ops_imports_only_those_below_it(folder: str) -> None:
    files = sorted((REPOSITORY / "ops" / folder).rglob("*.py"))
    assert len(files) > 1
    found = {
        (path.name, name)
        for path in files
        for name in re.findall(r"^\s*from ops(?:\.| import )(\w+)", path.read_text(), re.MULTILINE)
    }
    assert {(file, name) for file, name in found if name not in {folder, *OPS[folder]}} == set()
