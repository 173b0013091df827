"""When a certificate is to be made anew: `readyForRenewal`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from toolchain.standins.wire import UNKNOWN


def born_ready(wanted: Mapping[str, Any]) -> bool:
    """Whether a new certificate is inside its renewal window from the start."""
    validity, early = wanted["validityPeriodHours"], wanted["earlyRenewalHours"]
    return UNKNOWN not in (validity, early) and bool(validity <= early)


def in_window(certificate: Mapping[str, Any], early_renewal_hours: Any, now: datetime) -> bool:
    """Whether the certificate has expired or is this close to it."""
    end = certificate.get("validityEndTime")
    if not end or UNKNOWN in (end, early_renewal_hours):
        return False
    return now >= from_rfc3339(end) - timedelta(hours=early_renewal_hours)


def rfc3339(when: datetime) -> str:
    """The time as the plugin writes it: UTC, with microseconds."""
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_rfc3339(text: str) -> datetime:
    """The time of an RFC 3339 text, of this plugin or of the official one (nanoseconds)."""
    return datetime.fromisoformat(text)
