"""The releases that a member may come from, by the wanted one."""

from __future__ import annotations

from components.spec.values.versions import SUPPORTED, UPGRADE_FLOORS, Version, recommended


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
