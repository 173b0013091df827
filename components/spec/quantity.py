"""Quantities as Kubernetes writes them."""

from __future__ import annotations

import re

from components.spec.refuse import refuse

QUANTITY_PATTERN = r"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$"
_QUANTITY = re.compile(QUANTITY_PATTERN)
_FACTORS = {
    "": 1.0,
    "m": 1e-3,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
}


def check_quantity(value: str) -> str:
    """Digits with a unit, such as 500m, 2Gi or 8G; more than nothing."""
    if not _QUANTITY.fullmatch(value) or number_of(value) <= 0:
        raise refuse("is no quantity of Kubernetes", example="2Gi")
    return value


def number_of(quantity: str) -> float:
    """What a quantity amounts to, in its base unit."""
    digits = quantity.rstrip("mkMGTKi")
    return float(digits) * _FACTORS[quantity.removeprefix(digits)]
