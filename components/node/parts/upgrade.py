"""The step from the version that a member runs to the wanted one."""

from __future__ import annotations

from components.node.member import Member
from components.node.parts.part import Part
from components.spec.versions import SUPPORTED, UPGRADE_FLOORS, Version, recommended


def part(member: Member) -> Part:
    """For every node. `release_before` and `release_after` are of the minors beside the wanted one,
    from which a member may come; `floor_before` is the oldest of the one before. Empty: none is."""
    return Part("upgrade", version_steps(member.version))


def version_steps(release: str) -> dict[str, str]:
    """The settings of the check for a wanted release."""
    series = Version.parse(release).series
    minors = ("", *SUPPORTED, "")
    at = minors.index(series)
    before, after = minors[at - 1], minors[at + 1]
    floor = UPGRADE_FLOORS.get((before, series))
    return {
        "release_before": recommended(before) if before else "",
        "floor_before": str(floor.version) if floor else "",
        "floor_reason": floor.reason if floor else "",
        "release_after": recommended(after) if after else "",
    }
