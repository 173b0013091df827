"""What etcd will wait for: the disk, and memory that is swapped out."""

from __future__ import annotations

from components.machine.parts.part import Part
from components.member.member import Member


def part(member: Member) -> Part | None:
    """For machines of their own; after the folders."""
    return Part("latency") if member.node.own_machine else None
