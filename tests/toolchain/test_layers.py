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


# The same within `components`, by folder (docs/adr/0030).
CONTEXT = {"context", "turns"}  # what all members share, and their order
COMPONENTS = {
    "spec": set[str](),
    "pki": {"spec"},
    "member": {"pki", "spec"},
    "machine": {"member", "pki", "spec", *CONTEXT},
    "pods": {"member", "pki", "spec", *CONTEXT},
    "outputs": {"pki", "spec"},
}


@pytest.mark.parametrize("folder", COMPONENTS)
def test_a_folder_of_components_imports_only_those_below_it(folder: str) -> None:
    assert strangers("components", folder, COMPONENTS[folder]) == set()


# And within `components/spec`.
SPEC = {
    "report": set[str](),
    "x509": set[str](),
    "values": {"report"},
    "models": {"report", "values", "x509"},
    "checks": {"models", "report", "values", "x509"},
    "reading": {"checks", "models", "report", "values"},
    "documents": {"models", "reading", "values"},
}


@pytest.mark.parametrize("folder", SPEC)
def test_a_folder_of_the_spec_imports_only_those_below_it(folder: str) -> None:
    assert strangers("components/spec", folder, SPEC[folder]) == set()


# And within `ops`.
OPS = {
    "engine": set[str](),
    "stack": set[str](),
    "screen": {"engine"},
    "cluster": {"engine", "errors"},
    "commands": {"cluster", "engine", "errors", "screen", "stack"},
}


@pytest.mark.parametrize("folder", OPS)
def test_a_folder_of_ops_imports_only_those_below_it(folder: str) -> None:
    assert strangers("ops", folder, OPS[folder]) == set()


def strangers(package: str, folder: str, allowed: set[str]) -> set[tuple[str, str]]:
    """Files of the folder, with what each imports of its package and may not."""
    files = sorted((REPOSITORY / package / folder).rglob("*.py"))
    assert len(files) > 1
    dotted = package.replace("/", ".")
    imports = re.compile(rf"^\s*from {dotted}(?:\.| import )(\w+)", re.MULTILINE)
    found = {(path.name, name) for path in files for name in imports.findall(path.read_text())}
    return {(file, name) for file, name in found if name not in {folder, *allowed}}
