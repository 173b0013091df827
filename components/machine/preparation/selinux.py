"""Labels of the node's files, where SELinux is enforcing."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member


def step(member: Member) -> PreparationStep | None:
    """For machines of their own; after whatever lays down files."""
    return PreparationStep("selinux") if member.node.own_machine else None
