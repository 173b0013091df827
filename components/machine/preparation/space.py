"""Free disk for a new member."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member

# etcd's log: up to five segments of 64 MB, snapshots, and the room for the next segment.
LOG_MIB = 512
# A release's three programs, packed and unpacked.
RELEASE_MIB = 256


def step(member: Member) -> PreparationStep | None:
    """For machines of their own: clusters on this one are small, and share its disk."""
    if not member.node.own_machine:
        return None
    installs = member.node.install.method in ("release", "push")
    settings = {
        "data_mib": str(member.node.quota_mib + LOG_MIB),
        "binaries_mib": str(RELEASE_MIB if installs else 0),
    }
    return PreparationStep("space", settings)
