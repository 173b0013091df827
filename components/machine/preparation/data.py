"""Whose data folder it is."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member


def step(member: Member) -> PreparationStep:
    """For every node; after the folders."""
    return PreparationStep("data", {"cluster": member.cluster.name})
