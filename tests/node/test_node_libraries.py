"""A payload has the libraries that its scripts need, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from components.machine.payload import scripts_of
from components.machine.roots import ROOTS
from components.member.libraries import with_libraries
from tests.node.ssh_files import ssh_member
from tests.node.test_node_payload import MEMBERS
from tests.support.scripts import SCRIPTS

ACTIONS = (("clock",), ("prepare", "retire"), ("rehearse",), ("apply",), ("health",), ("leave",))
# What is sent in another way: as the command's text, and as files of the member.
ELSEWHERE = {"receive.sh", "run-etcd.sh", "keep-identity.sh"}


def test_those_that_are_named_and_those_that_these_name():
    # clock.sh waits, its library says for how long and who sets a clock, and both look settings up.
    libraries = [f"lib/{name}.sh" for name in ("clock", "init_system", "say", "settings", "wait")]
    assert scripts_of(ssh_member(), "clock") == ("main.sh", "clock.sh", *libraries)


def test_what_is_only_spoken_of_is_not_needed():
    # A comment of its says "account"; a function of that name is elsewhere.
    assert with_libraries(["lib/settings.sh"], ROOTS) == ("lib/settings.sh", "lib/settings.sh")


def test_another_firewall_can_take_back_the_rules_of_the_former():
    for backend in ("none", "nftables"):
        sent = scripts_of(ssh_member(firewall=backend), "prepare", "retire")
        assert sent.count(f"parts/firewall_{backend}.sh") == 1
        assert {path.name for path in SCRIPTS.glob("parts/firewall_*.sh")} == {
            path.removeprefix("parts/") for path in sent if "/firewall_" in path and "parts" in path
        }
        assert "lib/firewall_services.sh" in sent


def test_every_script_is_somebodys():
    sent = {
        path for member in MEMBERS for action in ACTIONS for path in scripts_of(member, *action)
    }
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
