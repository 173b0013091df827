"""The scripts that the later commands of a node run: they travel once, with the preparation."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member


def step(member: Member) -> PreparationStep:
    """For every node; after the folders."""
    label = member.cluster.maintenance.prepare
    return PreparationStep("scripts", facts={"prepare": label} if label else {})
