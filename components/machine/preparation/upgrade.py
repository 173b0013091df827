"""The step from the version that a member runs to the wanted one."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member
from components.member.version_steps import version_steps


def step(member: Member) -> PreparationStep:
    """For every node. `release_before` and `release_after` are of the minors beside the wanted one,
    from which a member may come; `floor_before` is the oldest of the one before. Empty: none is."""
    return PreparationStep("upgrade", version_steps(member.version))
