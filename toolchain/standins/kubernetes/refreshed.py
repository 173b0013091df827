"""What a program would have to say for an object that somebody else has changed."""

from __future__ import annotations

from typing import Any


def refreshed(inputs: Any, before: Any, now: Any) -> Any:
    """The inputs, with the live values where those have changed since they were recorded.

    Comparing live with live leaves out what the API server only writes differently (`1000m` as
    `1`), what it adds by itself, and what it never gives back (`stringData`).
    """
    if before == now or before is None:
        return inputs
    if isinstance(inputs, dict) and isinstance(before, dict) and isinstance(now, dict):
        return _members(inputs, before, now)
    if isinstance(inputs, list) and isinstance(now, list) and isinstance(before, list):
        if len(inputs) == len(before) == len(now):
            return [refreshed(*each) for each in zip(inputs, before, now, strict=True)]
        return [
            pruned(part, inputs[at]) if at < len(inputs) else part for at, part in enumerate(now)
        ]
    return now


def pruned(live: Any, shape: Any) -> Any:
    """The live value without the members that the shape does not have."""
    if isinstance(live, dict) and isinstance(shape, dict):
        return {name: pruned(live[name], part) for name, part in shape.items() if name in live}
    if isinstance(live, list) and isinstance(shape, list) and len(live) == len(shape):
        return [pruned(*each) for each in zip(live, shape, strict=True)]
    return live


def _members(inputs: dict[str, Any], before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    result = {}
    for name, value in inputs.items():
        if name in now:
            result[name] = refreshed(value, before.get(name), now[name])
        elif name not in before:
            result[name] = value  # was never given back, so its absence says nothing
    return result
