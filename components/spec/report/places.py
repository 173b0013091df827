"""Looking up places in a raw stack file object."""

from __future__ import annotations

from typing import Any

from components.spec.report.problems import Place

MISSING: Any = object()


def key_of(owner: dict[Any, Any], step: str | int) -> Any:
    """The mapping's own key for a step (YAML may have read it as a number), or MISSING."""
    if step in owner:
        return step
    return next((key for key in owner if str(key) == str(step)), MISSING)


def step_into(value: Any, step: str | int) -> Any:
    """The value one step down, or MISSING."""
    if isinstance(value, dict):
        key = key_of(value, step)
        return MISSING if key is MISSING else value[key]
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


def written(raw: Any, place: Place) -> Place:
    """The place with mapping keys as text; only positions in lists stay numbers."""
    steps: list[str | int] = []
    for step in place:
        steps.append(step if isinstance(raw, list) else str(step))
        raw = step_into(raw, step)
    return tuple(steps)


def position(raw: Any, place: Place) -> tuple[int, ...]:
    """Sorts places in the order of the file; what is not in the file follows what is."""
    found: list[int] = []
    for step in place:
        keys = [str(key) for key in raw] if isinstance(raw, dict) else []
        if isinstance(step, int):
            found.append(step)
        else:
            found.append(keys.index(step) if step in keys else len(keys))
        raw = step_into(raw, step)
    return tuple(found)


def within(place: Place, owner: Place) -> bool:
    """Whether a place is the owner or lies in it."""
    return place[: len(owner)] == owner


def overlap(one: Place, other: Place) -> bool:
    """Whether one place is the other, or one lies in the other."""
    return within(one, other) or within(other, one)
