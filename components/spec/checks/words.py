"""Names of the cluster, nodes and consumers that other readers of YAML take for a truth value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.report.problems import path_of
from components.spec.values.truth import WORDS

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster


def warnings(spec: Cluster) -> Iterator[str]:
    """For each such name."""
    named = {"nodes": spec.nodes, "consumers": spec.consumers}
    places = [(kind, name) for kind, names in named.items() for name in names]
    for place, name in [(("name",), spec.name), *((place, place[-1]) for place in places)]:
        if name in WORDS:
            yield (
                f"{path_of(place)}: a name here, and true or false to other programs that read "
                "YAML; take another one"
            )
