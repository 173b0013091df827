"""How a given value is shown in a problem: short, and never a secret."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from components.spec.problems import Place
from components.spec.shape import is_pem, is_secret

SECRET = "[secret]"  # noqa: S105 (the word shown in place of one)
NOTHING = "nothing given"
_LONGEST = 60


def kind(value: Any) -> str:
    """What sort of YAML value this is."""
    if value is None:
        return NOTHING
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, str):
        lines = value.count("\n") + 1
        return f"a text of {lines} lines" if lines > 1 else "a text"
    return "true or false" if isinstance(value, bool) else "a number"


def show(model: type[BaseModel], place: Place, value: Any) -> str:
    """The value as YAML would have it on one line, or its kind where that says enough."""
    if value is not None and is_secret(model, place):
        return SECRET
    if isinstance(value, str):
        return _text(value) if not is_pem(place) else kind(value)
    if isinstance(value, bool | int | float):
        return json.dumps(value)[:_LONGEST]
    if isinstance(value, list) and value and all(_short(item) for item in value):
        text = ", ".join(json.dumps(item) for item in value)
        return f"[{text}]" if len(text) <= _LONGEST else kind(value)
    return kind(value)


def _short(item: Any) -> bool:
    return isinstance(item, int) or (isinstance(item, str) and "PRIVATE KEY" not in item)


def _text(value: str) -> str:
    if "\n" in value or "PRIVATE KEY" in value:
        return kind(value)
    text = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    return json.dumps(text, ensure_ascii=False)
