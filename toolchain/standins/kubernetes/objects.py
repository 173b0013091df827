"""Kubernetes objects as plain dicts: where their parts are, whatever of it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Object = dict[str, Any]
"""What JSON knows, as the API server sends it."""


def within(value: Any, *path: str) -> Any:
    """The value at the path, None where anything on the way is missing or no object."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def count(value: Any, *path: str) -> int:
    """The number at the path; the API server leaves zeros out."""
    return int(within(value, *path) or 0)


def items(value: Any, *path: str) -> list[Object]:
    """The objects of the list at the path."""
    found = within(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def name_of(value: Any) -> str:
    """The object's name, empty where it has none."""
    return str(within(value, "metadata", "name") or "")


def namespace_of(value: Any) -> str:
    """The object's namespace, empty where it has none."""
    return str(within(value, "metadata", "namespace") or "")


def full_name(value: Any) -> str:
    """`namespace/name`, which is the resource's id; the name alone without a namespace."""
    return "/".join(filter(None, (namespace_of(value), name_of(value))))


def split_id(resource_id: str) -> tuple[str, str]:
    """Namespace, which may be empty, and name: the inverse of `full_name`."""
    namespace, _, name = resource_id.rpartition("/")
    return namespace, name


def condition_is(value: Any, kind: str, status: str) -> Object | None:
    """The status condition of that type if it has that status: `True`, `False` or `Unknown`."""
    found = items(value, "status", "conditions")
    wanted = (kind, status)
    return next((one for one in found if (one.get("type"), one.get("status")) == wanted), None)


def why(part: Mapping[str, Any]) -> str:
    """`reason: message` of a condition or a container's state, as far as they are there."""
    return ": ".join(str(part[key]) for key in ("reason", "message") if part.get(key))
