"""Keys with nothing after their colon: each is refused, whatever its default.

Somebody began to write there. Read as "not set" it would hide what is set for all nodes, or leave
out what was meant. Only a name that may stand alone has no body: a node, a consumer, a generation.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from components.spec.reading.remedies import OR_GIVE
from components.spec.report.finding import Finding
from components.spec.report.problems import Place
from components.spec.report.shape import example_at, model_at
from components.spec.report.show import plain

_REASON = "has nothing after its colon"


def empty(model: type[BaseModel], raw: object) -> list[Finding]:
    """Every known key that is empty."""
    return [_finding(model, place) for place in _empty(model, raw, ())]


def _finding(model: type[BaseModel], place: Place) -> Finding:
    owner = model_at(model, place[:-1])
    needed = owner is not None and owner.model_fields[str(place[-1])].is_required()
    example = example_at(model, place)
    value = f"a value such as {plain(example)}"
    return Finding(place, _REASON, value if needed else f"{OR_GIVE}{value}", example)


def _empty(model: type[BaseModel], value: object, place: Place) -> Iterator[Place]:
    if not isinstance(value, dict):
        return
    owner = model_at(model, place)
    for key, below in value.items():
        step = str(key)
        if below is not None:
            yield from _empty(model, below, (*place, step))
        elif owner is not None and step in owner.model_fields:
            yield (*place, step)
