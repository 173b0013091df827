"""Amounts of memory, storage and processors in the form in which the API server gives them back."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

_AMOUNT = re.compile(
    r"(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))"
    r"(?:(?P<binary>[KMGTPE]i)|(?P<decimal>[numkMGTPE])|[eE](?P<exponent>[+-]?\d+))?"
)
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = {-9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}
_EXPONENTS = {suffix: exponent for exponent, suffix in _DECIMAL.items()}
_PER_UNIT = 10**9  # nothing smaller is kept
_KIBI = 1024


def canonical(amount: Any) -> Any:
    """`1024Mi` as `1Gi`, `0.5` as `500m`, 1 as `1`; whatever is no amount is left as it is."""
    read = _AMOUNT.fullmatch(str(amount).strip()) if isinstance(amount, str | int | float) else None
    if read is None or isinstance(amount, bool):
        return amount
    exponent = int(read["exponent"] or 0) or _EXPONENTS[read["decimal"] or ""]
    power = _BINARY.index(read["binary"] or "")
    value = Fraction(read["number"]) * Fraction(10) ** exponent * _KIBI**power
    billionths = _away_from_zero(value * _PER_UNIT)
    if power and abs(value) >= _KIBI and billionths % _PER_UNIT == 0:
        return _in_binary(billionths // _PER_UNIT)
    return _in_decimal(billionths, by_suffix=read["exponent"] is None)


def _away_from_zero(value: Fraction) -> int:
    return math.ceil(value) if value > 0 else math.floor(value)


def _in_binary(value: int) -> str:
    power = 0
    while value % _KIBI == 0 and power < len(_BINARY) - 1:
        value, power = value // _KIBI, power + 1
    return f"{value}{_BINARY[power]}"


def _in_decimal(billionths: int, *, by_suffix: bool) -> str:
    number, exponent = billionths, -9
    while number and number % 1000 == 0 and exponent < max(_DECIMAL):
        number, exponent = number // 1000, exponent + 3
    if not number or not exponent:
        return str(number)
    return f"{number}{_DECIMAL[exponent]}" if by_suffix else f"{number}e{exponent}"
