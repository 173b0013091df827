"""Durations as etcd's own flags have them: Go's form, such as 10s, 1h30m, 1.5ms."""

from __future__ import annotations

import re
from fractions import Fraction

_UNITS_NS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|m|h)")
_LONGEST_NS = 2**63 - 1


def go_duration_ns(text: str) -> int:
    """The duration in nanoseconds, which is what etcd's conf.yml wants in place of the text.

    ValueError for anything that etcd's flag parser refuses, and for what is longer than it can
    hold (292 years).
    """
    parts = _PART.findall(text)
    if not parts or "".join(map("".join, parts)) != text:
        raise ValueError(f"{text!r} is no duration such as 10s or 1h30m")
    total_ns = int(sum(Fraction(count) * _UNITS_NS[unit] for count, unit in parts))
    if total_ns > _LONGEST_NS:
        raise ValueError(f"{text!r} is longer than 292 years")
    return total_ns
