"""Further etcd flags: known to the version, left to the person, and of the right kind."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.finding import Finding
from components.spec.flag_policy import (
    DANGEROUS,
    known_flags,
    managed_by,
    minors_with,
    replacement,
)
from components.spec.readable import is_readable
from components.spec.versions import Version

if TYPE_CHECKING:
    from components.spec.cluster import Cluster
    from components.spec.flags import FlagValue
    from components.spec.problems import Place

_GO_DURATION = re.compile(r"([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+")
_INT64_MAX = 2**63 - 1
_VERSION: tuple[Place, ...] = (("version",),)


def findings(spec: Cluster) -> Iterator[Finding]:
    """Each flag where it is written: for all nodes, or for one."""
    series = Version.parse(spec.version).series
    for place, flags in _written(spec):
        for name, value in flags.items():
            finding = (
                _refused(name, series, (*place, name))
                or _unsafe(spec, name, (*place, name))
                or _wrong_kind(known_flags(series)[name], value, (*place, name))
            )
            if finding:
                yield finding


def _written(spec: Cluster) -> Iterator[tuple[Place, dict[str, FlagValue]]]:
    yield ("flags",), dict(spec.flags)
    for name, node in spec.nodes.items():
        yield ("nodes", name, "flags"), dict(node.flags)


def _refused(name: str, series: str, place: Place) -> Finding | None:
    field = managed_by(name)
    if field:
        return Finding(place, "is set by this project", f"use {field}")
    if name in known_flags(series):
        return None
    minors = minors_with(name)
    if not minors:
        return _unknown(name, series, place)
    if minors[-1] < series:
        instead = replacement(name, series)
        return Finding(
            place,
            f"was removed after etcd {minors[-1]}: {series} does not start with it",
            f"use {instead}" if instead else "remove it",
            rests_on=_VERSION,
        )
    return Finding(
        place,
        f"comes with etcd {minors[0]}; {series} does not start with it",
        f"remove it, or use version {minors[0]}",
        rests_on=_VERSION,
    )


def _unknown(name: str, series: str, place: Place) -> Finding:
    offered = [flag for flag in known_flags(series) if not managed_by(flag)]
    near = difflib.get_close_matches(name, offered, n=1)
    remedy = f"did you mean `{near[0]}`?" if near else "see `etcd --help` for the known ones"
    return Finding(place, f"is no flag of etcd {series}", remedy, rests_on=_VERSION)


def _unsafe(spec: Cluster, name: str, place: Place) -> Finding | None:
    if name not in DANGEROUS or spec.throwaway:
        return None
    return Finding(
        place,
        "loses data at a power failure; the cluster is not marked `throwaway: true`",
        "remove it",
        rests_on=(("throwaway",),),
    )


def _wrong_kind(kind: str, value: FlagValue, place: Place) -> Finding | None:
    """A value that the flag's own parser would refuse at start."""
    wrong: tuple[str, object] | None = None
    if kind == "bool" and not isinstance(value, bool):
        wrong = "is a switch: true or false, without quotes", True
    elif kind == "number" and not _is_count(value):
        wrong = "is a number: 0 or more, without quotes", 1
    elif kind == "duration" and not (isinstance(value, str) and _GO_DURATION.fullmatch(value)):
        wrong = "is a duration with its unit", "10s"
    elif kind == "list" and not isinstance(value, tuple):
        wrong = (
            "is a list",
            [value] if isinstance(value, str) and is_readable(value) else ["stderr"],
        )
    elif kind == "text" and not (isinstance(value, str | int) and not isinstance(value, bool)):
        wrong = "is a text", "basic"
    return Finding(place, wrong[0], example=wrong[1], rests_on=_VERSION) if wrong else None


def _is_count(value: FlagValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _INT64_MAX
