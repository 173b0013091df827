"""Whose data folder it is."""

from __future__ import annotations

from components.machine.parts.part import Part
from components.member.member import Member


def part(member: Member) -> Part:
    """For every node; after the folders."""
    return Part("data", {"cluster": member.cluster.name})
