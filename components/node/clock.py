"""The comparison of a node's clock with the controller's."""

from __future__ import annotations

from components.node.member import Member
from components.node.settings import node_settings


def clock_settings(member: Member, now: int) -> dict[str, str]:
    """For the action `clock`. `now`: the controller's Unix time in seconds."""
    return {**node_settings(member), "now": str(now)}
