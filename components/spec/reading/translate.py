"""Pydantic's errors as findings in this project's words."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from components.spec.reading.remedies import OR_GIVE
from components.spec.reading.unknown import unknown_key
from components.spec.report.finding import Finding
from components.spec.report.places import MISSING, look_up, written
from components.spec.report.problems import Place
from components.spec.report.refuse import ECHO, REFUSED
from components.spec.report.shape import (
    choices_at,
    example_at,
    key_example_at,
    model_at,
)
from components.spec.report.show import kind
from components.spec.values.truth import truth_of

# A value that is computed from, or judged by, a refused one has nothing to say itself.
_ECHOES = {"default_factory_not_called", ECHO}
_KEY = "[key]"

# What other programs call it.
_ALIASES = {"x86_64": "amd64", "x64": "amd64", "x86-64": "amd64", "aarch64": "arm64"}

_REASONS = {
    "missing": "is missing",
    "model_type": "{kind} is no mapping of keys to values",
    "dict_type": "{kind} is no mapping of keys to values",
    "mapping_type": "{kind} is no mapping of keys to values",
    "invalid_key": "is no text, so it is no key here",
    "string_type": "{kind} is no text; put a number in quotes where a text belongs",
    "string_sub_type": "{kind} is no text",
    "string_too_short": "is empty",
    "tuple_type": "{kind} is no list",
    "too_short": "is empty",
    "bool_type": "{kind} is neither true nor false (without quotes)",
    "int_type": "{kind} is no whole number (without quotes)",
    "int_parsing": "is no whole number",
    "int_from_float": "is no whole number",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "does not have the form {pattern}",
    "literal_error": "is not known; {expected} is",
}


def findings_of(model: type[BaseModel], raw: object, error: ValidationError) -> list[Finding]:
    """One finding per mistake: no echoes, and a mistyped key is not also missing."""
    details = error.errors(include_url=False, include_input=False)
    found = [_finding(model, raw, each) for each in details if each["type"] not in _ECHOES]
    meant = {(*finding.place[:-1], finding.meant) for finding in found if finding.meant}
    absent = {place for place in meant if look_up(raw, place) is MISSING}
    return [finding for finding in found if finding.place not in absent]


def _finding(model: type[BaseModel], raw: object, error: ErrorDetails) -> Finding:
    place: Place = error["loc"]
    # Pydantic's mark, unless somebody has a key of that very name.
    marked = place[-1:] == (_KEY,) and look_up(raw, place) is MISSING
    place = written(raw, place[:-1] if marked else place)
    if error["type"] == "extra_forbidden":
        return unknown_key(model, place)
    of_key = marked or error["type"] == "invalid_key"
    context: dict[str, Any] = error.get("ctx", {})
    if look_up(raw, place) is None and not of_key and model_at(model, place[:-1]) is None:
        # Of a flag or an architecture: the example of another one would be wrong.
        return Finding(place, _reason(raw, error, place, of_key=False), f"{OR_GIVE}a value")
    if error["type"] == REFUSED:
        reason, remedy, example = context["reason"], context["remedy"], context["example"]
    else:
        reason, remedy, example = _reason(raw, error, place, of_key=of_key), "", None
    if not remedy and example is None:
        example = _nearest(model, raw, place, error)
    if not remedy and example is None:
        example = (key_example_at if of_key else example_at)(model, place)
    if of_key:
        return Finding(place, reason, remedy or f"name it `{example}`", of_key=True)
    return Finding(place, reason, remedy, example)


def _nearest(model: type[BaseModel], raw: object, place: Place, error: ErrorDetails) -> object:
    """The value that was probably meant; None where nothing says so."""
    value = look_up(raw, place)
    if error["type"] == "bool_type":
        return truth_of(value)
    return _choice(choices_at(model, place), value) if error["type"] == "literal_error" else None


def _choice(known: Sequence[str], value: object) -> str | None:
    """Of the values that a field knows."""
    if "none" in known and truth_of(value) is False:
        return "none"
    if not isinstance(value, str):
        return None
    meant = _ALIASES.get(value.lower(), value.lower())
    return next(iter(difflib.get_close_matches(meant, known, n=1)), None)


def _reason(raw: object, error: ErrorDetails, place: Place, *, of_key: bool) -> str:
    value = look_up(raw, place)
    if value is None and not of_key:
        return "is empty" if isinstance(place[-1], int) else "has nothing after its colon"
    known = _REASONS.get(error["type"])
    if known is None:
        return error["msg"]
    return known.format(kind=kind(value), **error.get("ctx", {}))
