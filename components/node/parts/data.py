"""Whose data folder it is."""

from __future__ import annotations

from components.node.member import Member
from components.node.parts.part import Part


def part(member: Member) -> Part:
    """For every node; after the folders."""
    return Part("data", {"cluster": member.cluster.name})
