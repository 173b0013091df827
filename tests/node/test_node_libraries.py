"""A payload has the libraries that its scripts need, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.machine.payload import clock_scripts, node_scripts
from components.machine.script_path import SCRIPT_PATH
from components.machine.script_path import SCRIPTS as MACHINE
from components.member.files import SCRIPTS as MEMBER
from components.member.files import ScriptPath
from components.member.libraries import with_libraries
from components.pods.payload import SCRIPT_PATH as POD_SCRIPT_PATH
from tests.node.ssh_files import ssh_member
from tests.node.test_backends import CONTRACT
from tests.node.test_node_payload import MEMBERS
from tests.support.scripts import SCRIPTS
from tests.support.shell_words import called_commands, shell_words

PODS = POD_SCRIPT_PATH[0]

# What is sent in another way: as the command's text, and as files of the member.
ELSEWHERE = {"receive.sh", "run-etcd.sh", "keep-identity.sh"}


def test_those_that_are_named_and_those_that_these_name():
    # clock.sh waits, its library says for how long and who sets a clock, and both look settings up.
    libraries = [f"lib/{name}.sh" for name in ("clock", "init_system", "say", "settings", "wait")]
    assert clock_scripts() == ("main.sh", "clock.sh", *libraries)


def test_what_a_backend_has_where_it_likes_is_found():
    # The gate waits; machines wait otherwise than pods.
    for script_path in (SCRIPT_PATH, POD_SCRIPT_PATH):
        assert "lib/wait.sh" in with_libraries(["lib/gate.sh"], script_path)


@pytest.mark.parametrize("root", [MEMBER, MACHINE, PODS], ids=["member", "machine", "pods"])
def test_each_script_says_what_it_needs(root: Path) -> None:
    """Its first lines name each library that it calls a function of, and no other."""
    libraries = defined((root,) if root == MEMBER else (root, MEMBER))
    wrong = {}
    for path in root.rglob("*.sh"):
        if path.name in ELSEWHERE:
            continue
        name = path.relative_to(root).as_posix()
        called = shell_words(path.read_text()) - set(functions(path))
        needed = {where for function, where in libraries.items() if function in called}
        backend = called & CONTRACT if root == MEMBER else set()
        declared = {f"lib/{word}.sh" for word in first_lines(path, "needs") - {"variables"}}
        if (declared, first_lines(path, "backend")) != (needed - {name}, backend):
            wrong[name] = f"needs {sorted(needed - {name})}, backend {sorted(backend)}"
    assert wrong == {}


@pytest.mark.parametrize("root", [MEMBER, MACHINE, PODS], ids=["member", "machine", "pods"])
def test_every_function_that_is_called_is_there(root: Path) -> None:
    """No program that the scripts run has an underscore in its name."""
    there = {
        name for part in {root, MEMBER} for path in part.rglob("*.sh") for name in functions(path)
    }
    there |= CONTRACT if root == MEMBER else set()
    called = {name for path in root.rglob("*.sh") for name in called_commands(path.read_text())}
    assert sorted(name for name in called - there if "_" in name) == []


def first_lines(path: Path, key: str) -> set[str]:
    found = re.findall(rf"^# {key}: (.*)$", path.read_text(), re.MULTILINE)
    return {word for line in found for word in line.split()}


def defined(script_path: ScriptPath) -> dict[str, str]:
    """The library of each function."""
    libraries = [(root, path) for root in script_path for path in root.glob("lib/*.sh")]
    return {
        name: path.relative_to(root).as_posix()
        for root, path in libraries
        for name in functions(path)
    }


def test_another_firewall_can_take_back_the_rules_of_the_former():
    for backend in ("none", "nftables"):
        sent = node_scripts(ssh_member(firewall=backend))
        assert sent.count(f"preparation/firewall_{backend}.sh") == 1
        assert {path.name for path in SCRIPTS.glob("preparation/firewall_*.sh")} == {
            path.removeprefix("preparation/")
            for path in sent
            if "/firewall_" in path and "preparation" in path
        }
        assert "lib/firewall_services.sh" in sent


def test_every_script_is_somebodys():
    sent = {*clock_scripts(), *(path for member in MEMBERS for path in node_scripts(member))}
    there = {path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.sh")} - ELSEWHERE
    assert sent == there


def test_no_function_hides_another_of_its_name():
    """All scripts of a payload share one shell. Runtimes are never together."""
    shared = [path for path in SCRIPTS.rglob("*.sh") if path.parent.name != "runtimes"]
    for runtime in (SCRIPTS / "runtimes").glob("*.sh"):
        names = [name for path in (*shared, runtime) for name in functions(path)]
        assert sorted(names) == sorted(set(names))


def functions(path: Path) -> list[str]:
    if path.name in ELSEWHERE:
        return []
    return re.findall(r"^(\w+)\(\)", path.read_text(), re.MULTILINE)
