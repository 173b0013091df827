"""Labels of the node's files, where SELinux is enforcing."""

from __future__ import annotations

from components.machine.parts.part import Part
from components.member.member import Member


def part(member: Member) -> Part | None:
    """For machines of their own; after whatever lays down files."""
    return Part("selinux") if member.node.own_machine else None
