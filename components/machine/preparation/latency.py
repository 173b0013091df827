"""What etcd will wait for: the disk, and memory that is swapped out."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member


def step(member: Member) -> PreparationStep | None:
    """For machines of their own; after the folders."""
    return PreparationStep("latency") if member.node.own_machine else None
