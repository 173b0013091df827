"""What is done to running members now and then, and not by a setting of etcd."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from components.spec.models.model import Model, setting
from components.spec.report.refuse import refuse

_OCCASION_PATTERN = "^[A-Za-z0-9][-A-Za-z0-9_.:+ ]{0,59}$"
_EXAMPLE = "2026-11-26"


# What Pulumi makes of a date without quotes.
_MIDNIGHT = " 00:00:00 +0000 UTC"


def _as_text(value: Any) -> Any:
    """What YAML takes for a date or a whole number is a text too."""
    if isinstance(value, str):
        return value.removesuffix(_MIDNIGHT)
    if isinstance(value, date | int) and not isinstance(value, bool):
        return str(value)
    return value


def _check_occasion(value: str) -> str:
    if not re.fullmatch(_OCCASION_PATTERN, value):
        raise refuse(
            "is no short text: at most 60 letters, digits, spaces and - _ . : +, a letter or digit "
            "first",
            example=_EXAMPLE,
        )
    return value


Occasion = Annotated[
    str,
    BeforeValidator(_as_text),
    AfterValidator(_check_occasion),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": _OCCASION_PATTERN},
                {"type": "integer", "minimum": 0},
            ]
        }
    ),
]


class Maintenance(Model):
    """Each label stands for one time: a new one does it again, the same one never does."""

    defragment: Occasion = setting("", example=_EXAMPLE)
    """A label of your own, such as the date. When it changes, every database is written anew, one
    member stopped after the other, so that freed room goes back to the disk. Default: none."""

    prepare: Occasion = setting("", example=_EXAMPLE)
    """A label of your own. When it changes, every machine is prepared again, which puts back what
    somebody has removed from one: folders, the user, rules of the firewall, scripts. No member
    restarts. Default: none."""
