"""Looking up places in a raw stack file object."""

from __future__ import annotations

from typing import Any

from components.spec.problems import Place

MISSING: Any = object()


def step_into(value: Any, step: str | int) -> Any:
    """One step down: the value there, or MISSING. A number may be a key written as text."""
    if isinstance(value, dict):
        if step in value:
            return value[step]
        return value.get(str(step), MISSING)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return MISSING


def look_up(raw: Any, place: Place) -> Any:
    """The value at a place, or MISSING."""
    for step in place:
        raw = step_into(raw, step)
        if raw is MISSING:
            return MISSING
    return raw


def position(raw: Any, place: Place) -> tuple[int, ...]:
    """Sorts places in the order of the file; what is not in the file follows what is."""
    found: list[int] = []
    for step in place:
        if isinstance(raw, dict):
            keys = [str(key) for key in raw]
            found.append(keys.index(str(step)) if str(step) in keys else len(keys))
        else:
            found.append(step if isinstance(step, int) else 0)
        raw = step_into(raw, step)
    return tuple(found)


def overlap(one: Place, other: Place) -> bool:
    """Whether one place is the other or lies in it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
