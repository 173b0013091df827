"""The folders of a node: who owns them, who may read them."""

from __future__ import annotations

from components.node.member import Member
from components.node.parts.part import Part


def part(_: Member) -> Part:
    """For every node."""
    return Part("folders")
