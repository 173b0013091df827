"""The scripts of a cluster of pods: some of its own, and those of any member."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from components.machine.script_path import SCRIPTS as MACHINE
from components.member.files import ScriptPath, script
from components.member.member import Member
from components.pods.payload import SCRIPT_PATH, scripts_of
from components.pods.settings import (
    apply_settings,
    check_settings,
    enter_settings,
    health_settings,
    look_settings,
    pod_settings,
    rehearse_settings,
)
from tests.node.test_node_payload import BEGINNINGS, LOOKED_UP
from tests.pods.pod_members import EVERYTHING, first_member, place_of, record_of
from tests.support.shell_words import shell_words

Settings = Mapping[str, str]
OWN = SCRIPT_PATH[0]
GIVEN: Mapping[str, Callable[[Member], Settings]] = {
    "look": lambda member: look_settings(member, place_of(member)),
    "check": lambda member: check_settings(member, place_of(member), record_of(member)),
    "enter": lambda member: enter_settings(member, place_of(member), record_of(member)),
    "apply": lambda member: apply_settings(member, place_of(member), "cold", "files"),
    "rehearse": lambda member: rehearse_settings(member, place_of(member), "cold"),
    "health": lambda member: health_settings(member, place_of(member)),
    "leave": lambda member: pod_settings(member, place_of(member)),
}
FUNCTION = re.compile(r"^(\w+)\(\) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
each_action = pytest.mark.parametrize("action", GIVEN)


def test_every_script_of_its_own_is_somebodys() -> None:
    sent = {path for action in GIVEN for path in scripts_of(action)}
    own = {path.relative_to(OWN).as_posix() for path in OWN.rglob("*.sh")}
    assert own <= sent


def test_what_is_done_on_a_machine_alone_is_not_sent() -> None:
    sent = {path for action in GIVEN for path in scripts_of(action)}
    assert not {path for path in sent if path.startswith(("runtimes/", "preparation/"))}


@each_action
def test_no_function_hides_another_of_its_name(action: str) -> None:
    """All scripts of a payload share one shell."""
    names = [name for path in set(scripts_of(action)) for name, _ in functions(path)]
    assert sorted(names) == sorted(set(names))


@each_action
def test_every_function_that_an_action_comes_to_is_there(action: str) -> None:
    known = {
        name
        for root in (*SCRIPT_PATH, MACHINE)
        for path in root.rglob("*.sh")
        for name, _ in functions(path.relative_to(root).as_posix(), (root,))
    }
    named = {word for body in reached(action).values() for word in shell_words(body)}
    assert named & known - set(GIVEN) <= set(bodies_of(action))


@each_action
def test_settings_say_everything_that_the_scripts_look_up(action: str) -> None:
    looked_up = {name for body in reached(action).values() for name in LOOKED_UP.findall(body)}
    for member in (first_member(), first_member(**EVERYTHING)):
        assert looked_up <= set(GIVEN[action](member))


def test_every_setting_is_looked_up() -> None:
    given = {name for settings in GIVEN.values() for name in settings(first_member())}
    texts = "".join(code(path) for action in GIVEN for path in scripts_of(action))
    beginnings = tuple(BEGINNINGS.findall(texts))
    unused = given - set(LOOKED_UP.findall(texts))
    assert {name for name in unused if not name.startswith(beginnings)} == set()


def bodies_of(action: str) -> dict[str, str]:
    """Every function of a payload."""
    return {name: body for path in scripts_of(action) for name, body in functions(path)}


def reached(action: str) -> dict[str, str]:
    """The functions that an action may come to: of a library it may need one alone."""
    bodies = bodies_of(action)
    found: dict[str, str] = {}
    waiting = {action}
    while waiting:
        found |= {name: bodies[name] for name in waiting}
        named = {word for name in waiting for word in shell_words(bodies[name])}
        waiting = named & set(bodies) - set(found)
    return found


def functions(path: str, script_path: ScriptPath = SCRIPT_PATH) -> list[tuple[str, str]]:
    """Names and bodies, without comments."""
    return FUNCTION.findall(code(path, script_path))


def code(path: str, script_path: ScriptPath = SCRIPT_PATH) -> str:
    return re.sub(r"^ *#.*", "", script(path, script_path).decode(), flags=re.MULTILINE)
