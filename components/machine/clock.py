"""The comparison of a node's clock with the controller's."""

from __future__ import annotations

from components.machine.settings import node_settings
from components.member.member import Member


def clock_settings(member: Member, now: int) -> dict[str, str]:
    """For the action `clock`. `now`: the controller's Unix time in seconds."""
    return {**node_settings(member), "now": str(now)}
