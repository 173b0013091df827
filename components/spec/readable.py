"""Which given values may be repeated to the person: short ones on one line, never part of a key."""

from __future__ import annotations

from typing import Any

LONGEST = 60
_LARGEST = 2**63


def is_readable(value: Any) -> bool:
    """Whether a single value may be shown as it is, or be made part of a remedy."""
    if isinstance(value, str):
        return len(value) <= LONGEST and "\n" not in value and "PRIVATE KEY" not in value
    if isinstance(value, int):
        return abs(value) < _LARGEST
    return isinstance(value, float)
