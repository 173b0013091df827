"""The folders of a node: who owns them, who may read them."""

from __future__ import annotations

from components.machine.parts.part import Part
from components.member.member import Member


def part(_: Member) -> Part:
    """For every node."""
    return Part("folders")
