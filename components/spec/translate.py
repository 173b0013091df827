"""Pydantic's errors as findings in this project's words."""

from __future__ import annotations

import difflib
import json
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from components.spec.finding import Finding
from components.spec.places import look_up
from components.spec.problems import Place
from components.spec.refuse import REFUSED
from components.spec.shape import field_at, model_at

# A default that is computed from another field has nothing to say when that one is refused.
_ECHOES = {"default_factory_not_called"}
_KEY = "[key]"
_MAPPING = "is no mapping of keys to values"

_REASONS = {
    "missing": "is missing",
    "model_type": _MAPPING,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "string_type": "is no text",
    "string_sub_type": "is no text",
    "string_too_short": "is empty",
    "tuple_type": "is no list",
    "too_short": "is empty",
    "bool_type": "is neither true nor false (written without quotes)",
    "int_type": "is no whole number (written without quotes)",
    "int_parsing": "is no whole number",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "does not have the form {pattern}",
    "literal_error": "is not known; {expected} is",
}


def findings_of(model: type[BaseModel], raw: object, error: ValidationError) -> list[Finding]:
    """One finding per error, without echoes."""
    details = error.errors(include_url=False, include_input=False)
    return [_finding(model, raw, each) for each in details if each["type"] not in _ECHOES]


def _finding(model: type[BaseModel], raw: object, error: ErrorDetails) -> Finding:
    place: Place = tuple(step for step in error["loc"] if step != _KEY)
    context: dict[str, Any] = error.get("ctx", {})
    if error["type"] == REFUSED:
        return Finding(place, context["reason"], context["remedy"], context["example"])
    if error["type"] == "extra_forbidden":
        return _unknown_key(model, place)
    reason = _REASONS.get(error["type"], error["msg"]).format(**context)
    if look_up(raw, place) is None:
        reason = "has nothing after its colon"
    return Finding(place, reason, *_remedy(model, place, reason))


def _remedy(model: type[BaseModel], place: Place, reason: str) -> tuple[str, object]:
    field = field_at(model, place)
    if field is None or not field.examples:
        inside = model_at(model, place)
        keys = ", ".join(inside.model_fields) if inside else ""
        return f"a mapping with {keys}" if keys else "see the other problems", None
    example = field.examples[0]
    return "", example


def _unknown_key(model: type[BaseModel], place: Place) -> Finding:
    owner = model_at(model, place[:-1])
    known = sorted(owner.model_fields) if owner else []
    near = difflib.get_close_matches(str(place[-1]), known, n=1)
    if near:
        return Finding(place, "is no known key", f"did you mean `{near[0]}`?")
    return Finding(place, "is no known key", f"known here: {', '.join(known)}")


def plain(example: object) -> str:
    """An example as it is written in YAML, on one line."""
    text = json.dumps(example, ensure_ascii=False)
    return text[1:-1] if isinstance(example, str) and "\n" not in example else text
