"""Durations as people write them in a stack file: 90s, 15m, 36h, 365d, 1h30m."""

from __future__ import annotations

import re
from datetime import timedelta

from components.spec.report.refuse import refuse

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_FORM = re.compile(r"(?:([0-9]{1,7})d)?(?:([0-9]{1,7})h)?(?:([0-9]{1,7})m)?(?:([0-9]{1,9})s)?")


def parse_duration(value: object) -> timedelta:
    """`"1h30m"` as a timedelta; larger units first, whole numbers, more than nothing.

    Raises the refusal that a pydantic validator may pass on.
    """
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise refuse(f"a duration needs a unit ({', '.join(_UNITS)})")
    found = _FORM.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not found.group(0):
        raise refuse("is no duration: numbers with units, as in 90s, 15m, 36h, 365d or 1h30m")
    parts = zip(_UNITS.values(), found.groups(), strict=True)
    duration = timedelta(**{unit: int(count) for unit, count in parts if count})
    if not duration:
        raise refuse("a duration of nothing")
    return duration


def format_duration(duration: timedelta) -> str:
    """The shortest text that parses back to the same duration (whole seconds)."""
    seconds = duration.days * 86400 + duration.seconds
    text = ""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        count, seconds = divmod(seconds, size)
        text += f"{count}{unit}" if count else ""
    return text or "0s"
