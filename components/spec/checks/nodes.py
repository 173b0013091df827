"""Nodes against each other: count, addresses, ports; and what every node has to have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.finding import Finding

if TYPE_CHECKING:
    from components.spec.cluster import Cluster
    from components.spec.problems import Place

_MEMBERS_MAX = 7
_QUOTA_WARN_MIB = 8192


def findings(spec: Cluster) -> Iterator[Finding]:
    """Everything about the set of nodes."""
    yield from _count(spec)
    yield from _chosen(spec)
    yield from _listeners(spec)


def _count(spec: Cluster) -> Iterator[Finding]:
    """Every write waits for more than half of the members: more than seven only slow it down."""
    if len(spec.nodes) > _MEMBERS_MAX:
        yield Finding(
            ("nodes",),
            f"{len(spec.nodes)} members: etcd gets slower and no safer above {_MEMBERS_MAX}",
            "3, 5 or 7 nodes",
        )


def _chosen(spec: Cluster) -> Iterator[Finding]:
    """Transport and runtime have no default: they are set for all nodes or for each."""
    for field, example in (("transport", "local"), ("runtime", "supervisor")):
        without = [
            name
            for name, node in spec.nodes.items()
            if getattr(node if field in node.model_fields_set else spec, field) is None
        ]
        if without:
            some = f", and {', '.join(without)} has none of its own"
            yield Finding(
                (field,),
                f"is missing{some if len(without) < len(spec.nodes) else ''}",
                example=example,
            )


def _listeners(spec: Cluster) -> Iterator[Finding]:
    """No two listeners share an address and a port."""
    seen: dict[tuple[str, int], tuple[str, Place]] = {}
    for name, node in spec.nodes.items():
        for label, place, port in _ports(spec, name):
            taken = seen.setdefault((node.address, port), (name, place))
            if taken == (name, place):
                continue
            yield _clash(spec, name, (label, place, port), taken)
            if taken[0] != name:
                break


def _ports(spec: Cluster, name: str) -> Iterator[tuple[str, Place, int]]:
    """Each listener's name, the place of its port in the file, and the port."""
    node = spec.nodes[name]
    settings = spec.node(name)
    own: Place = ("nodes", name)
    for label in ("client_port", "peer_port"):
        shared = label not in node.model_fields_set
        yield label, (label,) if shared else (*own, label), getattr(settings, label)
    if settings.metrics is not None:
        place: Place = ("metrics", "port")
        yield (
            "metrics port",
            place if "metrics" not in node.model_fields_set else (*own, *place),
            settings.metrics.port,
        )


def _clash(
    spec: Cluster, name: str, listener: tuple[str, Place, int], taken: tuple[str, Place]
) -> Finding:
    label, place, port = listener
    address = spec.nodes[name].address
    other, other_place = taken
    if other != name:
        return Finding(
            ("nodes", name, "address"),
            f"{other} listens on {address} port {port} already",
            "an address of its own, or ports of its own",
            rests_on=(("nodes", other, "address"), place, other_place),
        )
    used = {port for _, _, port in _ports(spec, name)}
    free = next(port for port in range(2379, 65536) if port not in used)
    return Finding(
        place,
        f"{label} {port} of {name} is taken by another listener of the same node",
        example=free,
        rests_on=(other_place, ("nodes", name, "address")),
    )


def warnings(spec: Cluster) -> Iterator[str]:
    """Sets of nodes that work but are no gain, and databases that etcd itself warns of."""
    count = len(spec.nodes)
    if count % 2 == 0:
        yield (
            f"{count} members survive no more failures than {count - 1} and need more votes "
            "for each write"
        )
    for node in spec.resolved_nodes():
        if node.quota_mib > _QUOTA_WARN_MIB:
            yield f"{node.name}: quota_mib {node.quota_mib} is above etcd's advised 8192"
