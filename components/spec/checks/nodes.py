"""Nodes against each other: count, addresses, ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.spec.finding import Finding
from components.spec.names import is_loopback
from components.spec.problems import Place, path_of

if TYPE_CHECKING:
    from components.spec.cluster import Cluster

_MEMBERS_MAX = 7
_QUOTA_WARN_MIB = 8192


def findings(spec: Cluster) -> Iterator[Finding]:
    """Everything about the set of nodes."""
    yield from _count(spec)
    yield from _listeners(spec)


def _count(spec: Cluster) -> Iterator[Finding]:
    """Every write waits for more than half of the members: more than seven only slow it down."""
    if len(spec.nodes) > _MEMBERS_MAX:
        yield Finding(
            ("nodes",),
            f"{len(spec.nodes)} members: etcd gets slower and no safer above {_MEMBERS_MAX}",
            "3, 5 or 7 nodes",
        )


def _listeners(spec: Cluster) -> Iterator[Finding]:
    """No two listeners share an address and a port; each place is named once."""
    seen: dict[tuple[str, int], _Listener] = {}
    found: dict[Place, Finding] = {}
    for name in spec.nodes:
        for listener in _listeners_of(spec, name):
            taken = seen.setdefault((listener.address, listener.port), listener)
            if taken is not listener:
                clash = _clash(spec, taken, listener)
                found.setdefault(clash.place, clash)
    yield from found.values()


@dataclass(frozen=True)
class _Listener:
    node: str
    address: str
    port: int
    place: Place
    """Where the port is written: at the node or for all."""

    @property
    def own(self) -> bool:
        return self.place[0] == "nodes"


def _listeners_of(spec: Cluster, name: str) -> Iterator[_Listener]:
    node, settings = spec.nodes[name], spec.node(name)
    ports: dict[Place, int] = {
        ("client_port",): settings.client_port,
        ("peer_port",): settings.peer_port,
    }
    if settings.metrics is not None:
        ports["metrics", "port"] = settings.metrics.port
    for place, port in ports.items():
        own = place[0] in node.model_fields_set
        yield _Listener(name, node.address, port, ("nodes", name, *place) if own else place)


def _clash(spec: Cluster, taken: _Listener, listener: _Listener) -> Finding:
    if taken.node != listener.node:
        return Finding(
            ("nodes", listener.node, "address"),
            f"{taken.node} listens on {listener.address} port {listener.port} already",
            "an address of its own, or ports of its own",
            rests_on=(("nodes", taken.node, "address"), taken.place, listener.place),
        )
    blamed, other = (taken, listener) if taken.own and not listener.own else (listener, taken)
    used = {each.port for each in _listeners_of(spec, listener.node)}
    return Finding(
        blamed.place,
        f"{blamed.port} is the port of another listener of {listener.node}: {path_of(other.place)}",
        example=next(port for port in range(2379, 65536) if port not in used),
        rests_on=(other.place,),
    )


def warnings(spec: Cluster) -> Iterator[str]:
    """Sets of nodes that work but are no gain, and databases that etcd itself warns of."""
    count = len(spec.nodes)
    if count % 2 == 0:
        yield (
            f"{count} members survive no more failures than {count - 1} and need more votes "
            "for each write"
        )
    loopback = [name for name, node in spec.nodes.items() if is_loopback(node.address)]
    if loopback and len(loopback) < count:
        yield f"{', '.join(loopback)}: a loopback address, which other machines cannot reach"
    for node in spec.resolved_nodes():
        if node.quota_mib > _QUOTA_WARN_MIB:
            yield f"{node.name}: quota_mib {node.quota_mib} is above etcd's advised 8192"
