"""A variable stays in the file that sets it, unless lib/variables.sh names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.node.test_node_libraries import first_lines
from tests.support.shell_words import assigned_variables, read_variables

COMPONENTS = Path(__file__).resolve().parents[2] / "components"
SHARED_FILE = COMPONENTS / "member/scripts/lib/variables.sh"
SCRIPTS = sorted(path for path in COMPONENTS.rglob("*.sh") if path != SHARED_FILE)
SHARED = frozenset(assigned_variables(SHARED_FILE.read_text()))
# Main sets these before it loads any other file.
OF_MAIN = frozenset({"payload", "scripts"})
# Programs read these from their environment, shells from the variable itself.
OF_OTHERS = frozenset({"DEBIAN_FRONTEND", "GOGC", "IFS", "LC_ALL", "_", "value"})


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(COMPONENTS).as_posix())
def test_a_script_names_the_variables_that_it_shares(path: Path) -> None:
    text = path.read_text()
    here, read = assigned_variables(text), read_variables(text)
    assert not (never_set := read - here - SHARED - OF_MAIN - _of_the_environment(read)), never_set
    assert not (never_read := here - read - SHARED - OF_MAIN - OF_OTHERS), never_read
    assert first_lines(path, "sets") == here & SHARED
    shares = bool((here | read) & SHARED)
    assert ("variables" in first_lines(path, "needs")) == shares


def test_each_of_them_goes_from_one_file_to_another() -> None:
    texts = [path.read_text() for path in SCRIPTS]
    files = [(assigned_variables(text), read_variables(text)) for text in texts]
    set_somewhere = {name for here, _ in files for name in here}
    read_elsewhere = {name for here, read in files for name in read - here}
    assert SHARED - set_somewhere == set()
    assert SHARED - read_elsewhere == set()


def _of_the_environment(names: set[str]) -> frozenset[str]:
    return frozenset(name for name in names if name.isupper())
