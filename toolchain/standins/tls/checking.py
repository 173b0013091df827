"""What a program may not ask for. The texts are the official plugin's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolchain.standins.tls.schema import Input, Resource
from toolchain.standins.tls.values import snake_case, typed
from toolchain.standins.wire import UNKNOWN


def failures(resource: Resource, resource_name: str, inputs: Mapping[str, Any]) -> list[str]:
    """Every reason to refuse the inputs. Raises TlsError for a value of the wrong type."""
    return [
        reason
        for known in resource.inputs
        for reason in _failures_of(known, resource_name, typed(known, inputs.get(known.name)))
    ]


def _failures_of(known: Input, resource_name: str, value: Any) -> Iterator[str]:
    if value is None:
        if known.required:
            yield f"Missing required property '{known.name}': {known.required}"
        return
    for suffix, item in _items(value):
        problem = _problem(known, item)
        if problem:
            title, rule = problem
            yield (
                f"{title}. Attribute {snake_case(known.name)}{suffix} value must be {rule}. "
                f"Examine values at '{resource_name}.{known.name}{suffix}'."
            )


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    """A list's elements with their index as `[0]`, any other value as itself."""
    if isinstance(value, list):
        yield from ((f"[{index}]", item) for index, item in enumerate(value))
    else:
        yield "", value


def _problem(known: Input, item: Any) -> tuple[str, str] | None:
    """Title and rule of what is wrong with one value."""
    if item is UNKNOWN:
        return None
    if known.choices and item not in known.choices:
        allowed = " ".join(f'"{choice}"' for choice in known.choices)
        return "Invalid Attribute Value Match", f'one of: [{allowed}], got: "{item}"'
    if known.minimum is not None and item < known.minimum:
        return "Invalid Attribute Value", f"at least {known.minimum}, got: {item}"
    return None
