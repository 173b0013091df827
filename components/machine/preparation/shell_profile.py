"""Who may use the operator's certificate on the node."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member


def step(member: Member) -> PreparationStep | None:
    """For nodes whose stack file asks for a shell profile."""
    profile = member.node.shell_profile
    if profile is None:
        return None
    return PreparationStep(
        "shell_profile", {"profile_group": profile.group}, {"shell_profile": profile.group}
    )
