"""Which given values may be repeated to the person: short ones on one line, never part of a key."""

from __future__ import annotations

import re
from typing import Any

LONGEST = 60
_PASSWORD_IN_URL = re.compile(r"//[^/]*:[^/]*@")
_LARGEST = 2**63


def is_readable(value: Any) -> bool:
    """Whether a single value may be shown as it is, or be made part of a remedy."""
    if isinstance(value, str):
        short = len(value) <= LONGEST and "\n" not in value
        return short and "PRIVATE KEY" not in value and not _PASSWORD_IN_URL.search(value)
    if isinstance(value, int):
        return abs(value) < _LARGEST
    return isinstance(value, float)
