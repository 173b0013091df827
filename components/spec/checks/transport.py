"""Transports and the runtimes that go with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.models.origin import either, is_written
from components.spec.models.transports import TRANSPORTS
from components.spec.report.finding import Finding, once

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.models.node import NodeSettings


def findings(spec: Cluster) -> Iterator[Finding]:
    """Each node whose runtime its transport cannot serve."""
    return iter(once(each for node in spec.resolved_nodes() for each in _runtime(spec, node)))


def _runtime(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    """The node is blamed where it has a transport of its own, so that the others keep theirs."""
    fitting = TRANSPORTS[node.transport].runtimes
    if node.runtime in fitting:
        return
    own = any(is_written(spec.nodes[node.name], (field,)) for field in ("transport", "runtime"))
    yield Finding(
        ("nodes", node.name, "runtime") if own else ("runtime",),
        f"{node.runtime} does not go with transport {node.transport}; "
        f"{' and '.join(fitting)} {'do' if len(fitting) > 1 else 'does'}",
        example=fitting[0],
        rests_on=(*either(node.name, "transport"), *either(node.name, "runtime")),
    )
