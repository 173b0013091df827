"""Diff: which properties changed, each with its path, as the engine displays them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolchain.standins.command.schema import ObjectType
from toolchain.standins.wire import UNKNOWN, Archive, Asset, Secret

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def changes(
    resource: ObjectType, state: Mapping[str, Any], news: Mapping[str, Any]
) -> dict[str, str]:
    """Path to ADD, UPDATE or DELETE, with _REPLACE where the change replaces the resource.

    Of the state only what is an input counts; a change within a list or an object has the path
    of its part (`environment.A`, `triggers[0]`).
    """
    old = {name: value for name, value in state.items() if name in resource.fields}
    replacing = resource.replacing()
    return {
        path: f"{kind}_REPLACE" if path in replacing and kind != "UPDATE" else kind
        for path, kind in _members(old, news, "")
    }


def top_level(path: str) -> str:
    """The property that a path begins with."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _members(old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[tuple[str, str]]:
    for name in sorted({*old, *new}):
        path = _below(at, name)
        if name not in old:
            yield path, "ADD"
        elif name not in new:
            yield path, "DELETE"
        else:
            yield from _values(old[name], new[name], path)


def _items(old: list[Any], new: list[Any], at: str) -> Iterator[tuple[str, str]]:
    for index in range(max(len(old), len(new))):
        path = f"{at}[{index}]"
        if index >= len(old):
            yield path, "ADD"
        elif index >= len(new):
            yield path, "DELETE"
        else:
            yield from _values(old[index], new[index], path)


def _values(old: Any, new: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _members(old, new, at)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _items(old, new, at)
    elif new != Secret(UNKNOWN) and not _equal(old, new):
        yield at, "UPDATE"


def _equal(old: Any, new: Any) -> bool:
    """Files and folders are equal by content, wherever they lie."""
    if isinstance(old, Asset | Archive) and type(old) is type(new) and old.fields.get("hash"):
        return bool(old.fields["hash"] == new.fields.get("hash"))
    return bool(old == new)


def _below(path: str, name: str) -> str:
    if not _PLAIN_NAME.fullmatch(name):
        return f"{path}[{json.dumps(name)}]"
    return f"{path}.{name}" if path else name
