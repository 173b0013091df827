"""Dates of certificates, as Go reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from components.spec.x509.der import Reader, UnreadableError

_YEAR = r"(?P<year>[0-9]{%d})"
_TO_MINUTES = "(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})"
_SECONDS, _ZONE = "(?P<second>[0-9]{2})", "(Z|(?P<sign>[+-])(?P<off>(?!0000)[0-9]{2}[0-5][0-9]))"
# By tag: UTCTime, where seconds may be missing, and GeneralizedTime.
_FORMS = {
    0x17: re.compile(f"{_YEAR % 2}{_TO_MINUTES}{_SECONDS}?{_ZONE}"),
    0x18: re.compile(f"{_YEAR % 4}{_TO_MINUTES}{_SECONDS}{_ZONE}"),
}
_MOST_HOURS_OFF = 24
_CENTURY_TURNS = 50


def moment(reader: Reader) -> datetime:
    """The next element, a time."""
    tag, content = reader.element()
    form = _FORMS.get(tag)
    found = form.fullmatch(content.decode("latin-1")) if form else None
    try:
        if found:
            return _at(found)
    except (ValueError, OverflowError):
        pass
    raise UnreadableError("one of its dates is malformed")


def _at(found: re.Match[str]) -> datetime:
    year = int(found["year"])
    if len(found["year"]) == 2:  # noqa: PLR2004 (digits)
        year += 1900 if year >= _CENTURY_TURNS else 2000
    local = datetime(
        year,
        int(found["month"]),
        int(found["day"]),
        int(found["hour"]),
        int(found["minute"]),
        int(found["second"] or 0),
        tzinfo=UTC,
    )
    if not found["sign"]:
        return local
    hours, minutes = int(found["off"][:2]), int(found["off"][2:])
    if hours > _MOST_HOURS_OFF:
        raise ValueError
    off = timedelta(hours=hours, minutes=minutes)
    return local - off if found["sign"] == "+" else local + off
