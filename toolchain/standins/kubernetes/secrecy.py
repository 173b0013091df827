"""Keeps secret in the outputs what was secret in the inputs, and what a Secret holds."""

from __future__ import annotations

from typing import Any

from toolchain.standins.wire import Secret, bare

_CONTENT = ("data", "stringData")


def marked(live: Any, inputs: Any) -> Any:
    """The live value, secret wherever the inputs are.

    Where a list has not the length of its inputs there is no telling which element is which: it
    is secret as a whole if any part of the inputs is.
    """
    if isinstance(inputs, Secret):
        return Secret(bare(live))
    if isinstance(live, dict) and isinstance(inputs, dict):
        return {
            name: marked(part, inputs[name]) if name in inputs else part
            for name, part in live.items()
        }
    if isinstance(live, list) and isinstance(inputs, list):
        if len(live) == len(inputs):
            return [marked(*each) for each in zip(live, inputs, strict=True)]
        return Secret(live) if has_secret(inputs) else live
    return live


def concealed(value: dict[str, Any]) -> dict[str, Any]:
    """The object with its content secret if it is a Secret, whether or not the inputs said so."""
    if value.get("kind") != "Secret" or value.get("apiVersion") != "v1":
        return value
    return {name: Secret(bare(part)) if name in _CONTENT else part for name, part in value.items()}


def has_secret(value: Any) -> bool:
    """Whether the value is, or holds, a secret."""
    if isinstance(value, dict):
        return any(map(has_secret, value.values()))
    if isinstance(value, list):
        return any(map(has_secret, value))
    return isinstance(value, Secret)
