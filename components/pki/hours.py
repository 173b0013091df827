"""The tls plugin counts certificate lifetimes in whole hours; the spec takes no others."""

from __future__ import annotations

from datetime import timedelta


def hours(duration: timedelta) -> int:
    """A duration of whole hours."""
    return duration // timedelta(hours=1)
