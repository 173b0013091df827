"""Further etcd flags: the form of names and values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from components.spec.report.refuse import refuse
from components.spec.values.names import check_line

FlagValue = bool | int | str | tuple[str, ...]

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def _check_name(name: str) -> str:
    if _NAME.fullmatch(name):
        return name
    bare = name.removeprefix("ETCD_").lower().replace("_", "-").strip("-")
    bare = bare.partition("=")[0]
    raise refuse(
        "is no flag name: lower case words joined by dashes, without leading dashes",
        remedy=f"`{bare}`"
        if _NAME.fullmatch(bare)
        else "a name from `etcd --help`, without dashes",
    )


def _check_value(value: Any) -> FlagValue:
    if isinstance(value, list | tuple):
        return _checked_list(value)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return check_line(value)
    raise refuse(
        "is no flag value: text, whole number, true, false or a list of texts",
        remedy="what `etcd --help` says of the flag, in quotes",
    )


def _checked_list(value: Sequence[Any]) -> tuple[str, ...]:
    if not value:
        raise refuse("is an empty list", remedy="remove it, or name what belongs in it")
    if all(isinstance(item, str) for item in value):
        return tuple(map(check_line, value))
    raise refuse("is no list of texts", remedy="a list of texts, with quotes around numbers")


Flags = Mapping[
    Annotated[str, AfterValidator(_check_name)],
    Annotated[Any, BeforeValidator(_check_value)],
]
