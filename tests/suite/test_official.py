"""Tests of what only a stand-in does are left out where an official one is in its place."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.suite.small_suite import make, pytest_in
from tests.support import toolchain_folder
from tests.unchanged import STAND_INS
from toolchain import versions
from toolchain.engine import LANGUAGE_HOST
from toolchain.plugins import launcher, wanted

REPOSITORY = Path(__file__).resolve().parents[2]
SUITE = """
import pytest

@pytest.mark.standins_only("command", "language")
def test_of_stand_ins():
    pass

def test_of_either():
    pass
"""
# They call a stand-in's code themselves, whatever plugins the engine has.
BY_CODE = {
    "tests/suite/test_default_stacks.py",
    *("tests/engine/test_ending.py", "tests/node/program.py", "tests/pki/test_rotation.py"),
    *("tests/toolchain/test_guard.py", "tests/toolchain/test_lifetime.py"),
    *("tests/toolchain/test_quick_start.py",),
    *("tests/support/command_call.py", "tests/support/command_plugin.py"),
    *("tests/support/kubernetes_plugin.py", "tests/support/tls_mocks.py"),
}
USES = re.compile(r"toolchain\.standins|stand-in plugins refuse|standins/command")


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize(
    ("official", "ran"),
    [
        ((), "2 passed"),
        (("tls", "kubernetes"), "2 passed"),
        (("command",), "1 passed, 1 deselected"),
        (("language",), "1 passed, 1 deselected"),
    ],
    ids=["none", "others", "command", "language"],
)
def test_which_tests_run(tmp_path: Path, official: tuple[str, ...], ran: str) -> None:
    layout = toolchain_folder.make(make(tmp_path / "suite", {"tests/test_any.py": SUITE}))
    programs = {
        plugin.name: plugin.program(layout) for plugin in wanted(versions.read(layout.project))
    }
    for name, program in {**programs, "language": layout.bin / LANGUAGE_HOST}.items():
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("ELF" if name in official else launcher(layout, name))
    said = pytest_in(layout.project, "tests.official")
    assert ran in said
    assert ("tests of what only their stand-ins do are left out" in said) is bool(official)


@pytest.mark.slow
@pytest.mark.soak
def test_a_mark_names_a_stand_in(tmp_path: Path) -> None:
    suite = make(tmp_path / "suite", {"tests/test_any.py": SUITE.replace("language", "python")})
    toolchain_folder.make(suite)
    assert "standins_only names some of" in pytest_in(suite, "tests.official")


def test_who_uses_a_stand_in_says_so() -> None:
    """Else the test would fail where official ones are installed, which nobody here can see."""
    users = {
        name
        for path in sorted((REPOSITORY / "tests").rglob("*.py"))
        if USES.search(path.read_text())
        if not any(
            fnmatch(name := str(path.relative_to(REPOSITORY)), own) for own in STAND_INS.tests
        )
        if "mark.standins_only(" not in path.read_text() and path != Path(__file__)
    }
    assert users == BY_CODE


def test_their_own_tests_on_an_engine_are_marked() -> None:
    """The others call the stand-ins themselves."""
    engine = re.compile(r"StandinTrial|trial_project")
    own = [path for pattern in STAND_INS.tests for path in REPOSITORY.glob(pattern)]
    found = {path.name: path.read_text() for path in own if engine.search(path.read_text())}
    assert len(found) >= 4
    assert [name for name, text in found.items() if "mark.standins_only(" not in text] == []
