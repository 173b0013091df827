"""Quantities as Kubernetes writes them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from components.spec.report.refuse import refuse

_PROCESSORS = r"^[0-9]+(\.[0-9]+)?m?$"
_BYTES = r"^[0-9]+(\.[0-9]+)?(k|M|G|T|Ki|Mi|Gi|Ti)?$"
_FACTORS = {
    "": 1.0,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
}


def check_processors(value: str) -> str:
    """A number, or thousandths such as 500m."""
    if not re.fullmatch(_PROCESSORS, value):
        raise refuse("is no number of processors: digits, or thousandths with an m")
    if float(value.rstrip("m")) == 0:
        raise refuse("is nothing")
    return value


def check_bytes(value: str) -> str:
    """Digits with a unit, such as 2Gi or 8G."""
    if value.endswith("m") and re.fullmatch(_BYTES, value[:-1]):
        raise refuse("is thousandths of a byte: Mi or M is meant", example=f"{value[:-1]}Mi")
    if not re.fullmatch(_BYTES, value):
        raise refuse("is no size in bytes: digits and a unit such as Mi or Gi")
    if bytes_of(value) == 0:
        raise refuse("is nothing")
    return value


def bytes_of(size: str) -> float:
    """What a size amounts to."""
    digits = size.rstrip("kMGTi")
    return float(digits) * _FACTORS[size.removeprefix(digits)]


Processors = Annotated[
    str, AfterValidator(check_processors), Field(json_schema_extra={"pattern": _PROCESSORS})
]
Bytes = Annotated[str, AfterValidator(check_bytes), Field(json_schema_extra={"pattern": _BYTES})]
