"""How a given value is shown in a problem: short, and never a secret."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from pydantic import BaseModel

from components.spec.report.problems import Place
from components.spec.report.readable import LONGEST, is_readable
from components.spec.report.shape import holds_secret, takes_scalar

SECRET = "[secret]"  # noqa: S105 (the word shown in place of one)
NOTHING = "nothing given"
# Names under which people put secrets, known to this project or not.
_SECRET_NAME = re.compile(r"pass(word|phrase)|secret|token|private|credential|discovery-user", re.I)
# Fields for certificates and public keys: not secret, but half of a key may have been pasted there.
_PEM = {"certificate", "chain", "host_key"}


def kind(value: Any) -> str:
    """What sort of YAML value this is."""
    if value is None:
        return NOTHING
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, str):
        lines = len(value.splitlines())
        return f"a text of {lines} lines" if lines > 1 else "a text"
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, int | float) else f"a {type(value).__name__}"


def show(model: type[BaseModel], place: Place, value: Any) -> str:
    """The value as YAML would have it on one line, or its kind where that says enough."""
    if value is None:
        return NOTHING
    if holds_secret(model, place) or any(_SECRET_NAME.search(str(step)) for step in place):
        return SECRET
    if _PEM.intersection(place) or not takes_scalar(model, place):
        return kind(value)
    if isinstance(value, list) and value and all(is_readable(item) for item in value):
        text = f"[{', '.join(map(_scalar, value))}]"
        return text if len(text) <= LONGEST else kind(value)
    return brief(value)


def brief(value: Any) -> str:
    """A value of no field of the cluster."""
    return _scalar(value) if is_readable(value) else kind(value)


def _scalar(value: Any) -> str:
    readable = not isinstance(value, str) or value.isprintable()
    return json.dumps(value, ensure_ascii=not readable)


def plain(example: Any) -> str:
    """An example as it is written in the stack file, on one line."""
    if isinstance(example, str) and _reads_back(example):
        return example
    return json.dumps(example, ensure_ascii=False)


def _reads_back(text: str) -> bool:
    """Whether YAML reads the bare text as that same text."""
    try:
        return bool(yaml.safe_load(text) == text)
    except (yaml.YAMLError, ValueError, RecursionError):  # a day that no month has, for one
        return False
