"""Which scripts are sent to a node."""

from __future__ import annotations

from components.machine.preparation import steps_of
from components.machine.script_path import SCRIPT_PATH
from components.member.libraries import with_libraries
from components.member.member import Member

# `retire` runs at the deletion of `prepare`, with what that has sent.
_ACTIONS = ("prepare", "retire", "rehearse", "apply", "health", "leave")


def node_scripts(member: Member) -> tuple[str, ...]:
    """What `prepare` brings to `member`'s node, where the later commands find it."""
    found = ["main.sh", *(f"{action}.sh" for action in _ACTIONS)]
    found.append(f"runtimes/{member.node.runtime}.sh")
    for step in steps_of(member):
        found += [f"preparation/{name}.sh" for name in (step.name, *step.may_call)]
    return with_libraries(found, SCRIPT_PATH)


def clock_scripts() -> tuple[str, ...]:
    """What `clock` needs, which comes before `prepare`."""
    return with_libraries(["main.sh", "clock.sh"], SCRIPT_PATH)
