"""Which changes make a new object: those that the API server refuses, and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toolchain.standins.kubernetes.kinds import (
    CLAIM,
    CONFIG_MAP,
    SECRET,
    SERVICE,
    STATEFUL_SET,
    Kind,
)

Path = tuple[str | int, ...]
"""Where a change is: names of members and positions in lists."""
Pattern = tuple[str, ...]
"""Where changes replace."""

_ALWAYS = ("metadata.name", "metadata.namespace")
_BY_KIND: Mapping[Kind, Sequence[str]] = {
    CLAIM: ("spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"),
    SECRET: ("type",),
    SERVICE: ("spec.clusterIP",),
    STATEFUL_SET: (
        *("spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector"),
        *("spec.serviceName", "spec.volumeClaimTemplates"),
    ),
}
_CONTENT: Mapping[Kind, Sequence[str]] = {
    SECRET: ("data", "stringData"),
    CONFIG_MAP: ("binaryData", "data"),
}


def patterns(kind: Kind, inputs: Mapping[str, Any], *, content_mutable: bool) -> list[Pattern]:
    """Where a change of an object with these new inputs replaces it.

    `content_mutable`: whether the data of this Secret or ConfigMap may change in place, which
    it may not where the object itself says that it is immutable.
    """
    replacing = [*_ALWAYS, *_BY_KIND.get(kind, ())]
    if not content_mutable or inputs.get("immutable") is True:
        replacing += _CONTENT.get(kind, ())
    return [tuple(place.split(".")) for place in replacing]


def touches(pattern: Pattern, path: Path, old: Any, new: Any) -> bool:
    """Whether a change of the value at the path changes what the pattern is about."""
    if any(want != have for want, have in zip(pattern, path, strict=False)):
        return False
    rest = pattern[len(path) :]
    return bool(_at(rest, old) != _at(rest, new))


def _at(rest: Pattern, value: Any) -> Any:
    """The value that the rest of a pattern leads to from this one, None where there is none."""
    for name in rest:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
