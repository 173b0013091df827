"""Folders of a machine of its own: none is another, none lies in another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from components.spec.models.origin import either, is_written, origin
from components.spec.report.finding import Finding, once
from components.spec.report.problems import Place, path_of

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.models.node import NodeSettings

_Steps = tuple[str, str]


def findings(spec: Cluster) -> Iterator[Finding]:
    """What one folder is emptied of, backed up with or opened to must be nothing of another's."""
    remote = (node for node in spec.resolved_nodes() if node.own_machine)
    return iter(once(each for node in remote for each in _overlaps(spec, node)))


def _overlaps(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    for one, other in combinations(_folders(node), 2):
        first, second = PurePosixPath(one[1]), PurePosixPath(other[1])
        if first.is_relative_to(second) or second.is_relative_to(first):
            yield _overlap(spec, node.name, one, other)


def _folders(node: NodeSettings) -> list[tuple[_Steps, str]]:
    found: list[tuple[_Steps, str]] = [
        (("paths", field), getattr(node.paths, field)) for field in type(node.paths).model_fields
    ]
    directory = node.install.directory
    return [*found, (("install", "directory"), directory)] if directory else found


def _overlap(
    spec: Cluster, name: str, one: tuple[_Steps, str], other: tuple[_Steps, str]
) -> Finding:
    """Blames what the stack file says of the node, else what it says of all, never a default; the
    later one where it says both."""
    kept, blamed = sorted((one, other), key=lambda folder: _closeness(spec, name, folder[0]))
    if blamed[1] == kept[1]:
        relation = "is also"
    else:
        inside = PurePosixPath(blamed[1]).is_relative_to(kept[1])
        relation = "lies in" if inside else "has in it"
    place: Place = origin(spec, name, *blamed[0])
    return Finding(
        place,
        f"{relation} {path_of(origin(spec, name, *kept[0]))} ({kept[1]})",
        "a folder of its own",
        rests_on=(
            *either(name, "transport"),
            *either(name, "install", "method"),
            *either(name, *blamed[0]),
            *either(name, *kept[0]),
        ),
    )


def _closeness(spec: Cluster, name: str, steps: _Steps) -> int:
    """0 for a default, 1 for what is set for all nodes, 2 for the node's own."""
    return 2 if is_written(spec.nodes[name], steps) else int(is_written(spec, steps))
