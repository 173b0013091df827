"""What etcd will wait for: the disk, and memory that is swapped out."""

from __future__ import annotations

from components.node.member import Member
from components.node.parts.part import Part


def part(member: Member) -> Part | None:
    """For machines of their own; after the folders."""
    return Part("latency") if member.node.own_machine else None
