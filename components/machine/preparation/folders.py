"""The folders of a node: who owns them, who may read them."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member


def step(_: Member) -> PreparationStep:
    """For every node."""
    return PreparationStep("folders")
