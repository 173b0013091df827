"""The member's scripts call what every backend defines, as docs/development/backends.md has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.machine.script_path import SCRIPTS as MACHINE
from components.member.files import SCRIPTS as MEMBER
from components.pods.payload import SCRIPT_PATH
from tests.support.shell_words import shell_words

PODS = SCRIPT_PATH[0]
PAGE = Path(__file__).parents[2] / "docs" / "development" / "backends.md"
CONTRACT = set(re.findall(r"^\| `(\w+)", PAGE.read_text(), re.MULTILINE))
DEFINED = re.compile(r"^(\w+)\(\)", re.MULTILINE)
COMMENT = re.compile(r"^ *#.*", re.MULTILINE)
backends = pytest.mark.parametrize("backend", [MACHINE, PODS], ids=["machine", "pods"])


def paths(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*.sh")}


def texts(root: Path) -> list[str]:
    return [COMMENT.sub("", path.read_text()) for path in root.rglob("*.sh")]


def defined(root: Path) -> set[str]:
    return {name for text in texts(root) for name in DEFINED.findall(text)}


def called(root: Path) -> set[str]:
    return {word for text in texts(root) for word in shell_words(text)}


def test_the_contract_is_what_the_members_scripts_call() -> None:
    of_a_backend = (defined(MACHINE) | defined(PODS)) - defined(MEMBER)
    actions = {path.stem for path in PODS.glob("*.sh")}
    assert (called(MEMBER) & of_a_backend) - actions == CONTRACT


@backends
def test_a_backend_defines_all_of_it(backend: Path) -> None:
    assert defined(backend) >= CONTRACT


@backends
def test_no_file_or_function_is_in_both(backend: Path) -> None:
    assert not paths(backend) & paths(MEMBER)
    assert not defined(backend) & defined(MEMBER)
