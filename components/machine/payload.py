"""What is sent to a node: scripts, settings and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from components.machine.preparation import steps_of
from components.machine.script_path import SCRIPT_PATH
from components.member.files import File
from components.member.libraries import with_libraries
from components.member.member import Member
from components.member.payload import pack

# These have nothing to do with how etcd is run.
_ASK_ONLY = frozenset({"clock", "health"})


def scripts_of(member: Member, *actions: str) -> tuple[str, ...]:
    """What a node needs for these actions."""
    found = ["main.sh", *(f"{action}.sh" for action in actions)]
    if not _ASK_ONLY.issuperset(actions):
        found.append(f"runtimes/{member.node.runtime}.sh")
    if "prepare" in actions:
        for step in steps_of(member):
            found += [f"preparation/{name}.sh" for name in (step.name, *step.may_call)]
    return with_libraries(found, SCRIPT_PATH)


def payload(
    member: Member, actions: Iterable[str], settings: Mapping[str, str], files: Iterable[File] = ()
) -> str:
    """For these actions on `member`'s node."""
    return pack(settings, scripts_of(member, *actions), files, SCRIPT_PATH)
