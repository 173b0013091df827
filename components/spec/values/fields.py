"""Annotated types that several models share."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, WithJsonSchema

from components.spec.report.readable import is_readable
from components.spec.report.refuse import refuse
from components.spec.values.duration import parse_duration
from components.spec.values.names import (
    check_address,
    check_folder,
    check_host,
    check_label,
    check_line,
    check_san,
)

LABEL_PATTERN = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"
DURATION_PATTERN = r"^(?=\d)(\d{1,7}d)?(\d{1,7}h)?(\d{1,7}m)?(\d{1,9}s)?$"


def as_tuple(value: Any) -> Any:
    """A YAML list as a tuple; one bare value is a mistake that gets its own words."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        example = _listed(value) if is_readable(value) else None
        raise refuse(
            "is a single value where a list belongs",
            example=example,
            remedy="" if example else "a list",
        )
    return value


def _listed(value: str | int) -> list[str | int]:
    """The texts and numbers that a person has separated by commas."""
    if not isinstance(value, str):
        return [value]
    given = [part.strip() for part in value.split(",") if part.strip()]
    return [int(part) if "," in value and part.isdecimal() else part for part in given] or [value]


Label = Annotated[
    str, AfterValidator(check_label), Field(json_schema_extra={"pattern": LABEL_PATTERN})
]
Address = Annotated[
    str,
    AfterValidator(check_address),
    Field(json_schema_extra={"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}),
]
Host = Annotated[str, AfterValidator(check_host)]
San = Annotated[str, AfterValidator(check_san)]
Sans = Annotated[tuple[San, ...], BeforeValidator(as_tuple)]
Port = Annotated[StrictInt, Field(ge=1, le=65535)]
# More than any count here can use, and what every etcd flag still takes.
COUNT_MAX = 2**31 - 1
Count = StrictInt
Line = Annotated[str, AfterValidator(check_line)]
Folder = Annotated[str, AfterValidator(check_line), AfterValidator(check_folder)]
# Upper bound of RFC 5280 for the attributes of a subject.
SubjectText = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(check_line)]
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
]
LogLevel = Literal["debug", "info", "warn", "error", "panic", "fatal"]
