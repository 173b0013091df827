"""Diff: which inputs changed, each with its path, and which of that replaces the object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolchain.standins.kubernetes.replacing import Path, Pattern, touches

Change = tuple[Path, str, Any, Any]
"""Where, `ADD`, `UPDATE` or `DELETE`, what was there, what comes there."""


def changes(
    old: Mapping[str, Any], new: Mapping[str, Any], replacing: list[Pattern]
) -> dict[str, str]:
    """Path to ADD, UPDATE or DELETE, with _REPLACE where the change replaces the object.

    Both are inputs without secret marks. A value that is not known yet counts as another one.
    """
    return {
        shown(path): f"{kind}_REPLACE"
        if any(touches(pattern, path, before, after) for pattern in replacing)
        else kind
        for path, kind, before, after in _members(old, new, ())
    }


def shown(path: Path) -> str:
    """The path as the engine reads it: `metadata.labels["a.b/c"]`, `spec.ports[0].port`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif any(sign in part for sign in '."[]'):
            quoted = part.replace('"', '\\"')
            text += f'["{quoted}"]'
        else:
            text += f".{part}" if text else part
    return text


def _members(old: Mapping[str, Any], new: Mapping[str, Any], at: Path) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        if name not in old:
            yield (*at, name), "ADD", None, new[name]
        elif name not in new:
            yield (*at, name), "DELETE", old[name], None
        else:
            yield from _values(old[name], new[name], (*at, name))


def _elements(old: list[Any], new: list[Any], at: Path) -> Iterator[Change]:
    for index, (before, after) in enumerate(zip(old, new, strict=False)):
        yield from _values(before, after, (*at, index))
    for index in range(len(old), len(new)):
        yield (*at, index), "ADD", None, new[index]
    for index in range(len(new), len(old)):
        yield (*at, index), "DELETE", old[index], None


def _values(old: Any, new: Any, at: Path) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _members(old, new, at)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _elements(old, new, at)
    elif old != new or isinstance(old, bool) is not isinstance(new, bool):
        yield at, "UPDATE", old, new
