"""Nodes against each other: count, addresses, ports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.models.listeners import Listener, listeners_of
from components.spec.models.origin import either, is_written, origin
from components.spec.report.finding import Finding, once
from components.spec.report.problems import Place, path_of
from components.spec.values.names import is_loopback

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.models.node import NodeSettings

_MEMBERS_MAX = 7
_QUOTA_WARN_MIB = 8192


def findings(spec: Cluster) -> Iterator[Finding]:
    """Everything about the set of nodes."""
    yield from _count(spec)
    yield from _all_away(spec)
    yield from _unreachable(spec)
    yield from once((*_listeners(spec), *_machines(spec)))


def _count(spec: Cluster) -> Iterator[Finding]:
    """Every write waits for more than half of the members: more than seven only slow it down."""
    if len(spec.nodes) > _MEMBERS_MAX:
        yield Finding(
            ("nodes",),
            f"{len(spec.nodes)} members: etcd gets slower and no safer above {_MEMBERS_MAX}",
            "3, 5 or 7 nodes",
        )


def _all_away(spec: Cluster) -> Iterator[Finding]:
    """Every command of the cluster as a whole runs on one of its machines."""
    nodes = spec.resolved_nodes()
    if nodes and not any(node.reachable for node in nodes):
        yield Finding(
            ("nodes", nodes[0].name, "reachable"),
            "is false as for every other node, so there is no machine to work on",
            example=True,
            rests_on=tuple(("nodes", node.name, "reachable") for node in nodes),
        )


def _unreachable(spec: Cluster) -> Iterator[Finding]:
    """A lone member may serve its own machine only; others have to reach each other."""
    for node in spec.resolved_nodes():
        if node.own_machine and is_loopback(node.address) and len(spec.nodes) > 1:
            yield Finding(
                ("nodes", node.name, "address"),
                "is a loopback address, which the members on other machines cannot reach",
                "an address of the machine that the others reach",
                rests_on=either(node.name, "transport"),
            )


def _listeners(spec: Cluster) -> Iterator[Finding]:
    """No two listeners share an address and a port."""
    seen: dict[tuple[str, int], Listener] = {}
    for name in spec.nodes:
        for listener in listeners_of(spec, name):
            taken = seen.setdefault((listener.address, listener.port), listener)
            if taken is not listener:
                yield _clash(spec, taken, listener)


def _machines(spec: Cluster) -> Iterator[Finding]:
    """Over ssh a machine has one member: the second would write over the files of the first."""
    seen: dict[tuple[str, str, int], str] = {}
    for node in spec.resolved_nodes():
        if not node.logs_in:
            continue
        via = node.ssh.jump.host if node.ssh.jump else ""
        taken = seen.setdefault((via, node.ssh.host, node.ssh.port), node.name)
        if taken != node.name:
            yield _same_machine(spec, taken, node)


def _same_machine(spec: Cluster, taken: str, node: NodeSettings) -> Finding:
    dialled = any(is_written(part, ("ssh", "host")) for part in (spec, spec.nodes[node.name]))
    address: Place = ("nodes", node.name, "address")
    names = (taken, node.name)
    return Finding(
        origin(spec, node.name, "ssh", "host") if dialled else address,
        f"{taken} is reached at {node.ssh.host} port {node.ssh.port} already",
        "a machine of its own",
        rests_on=(
            *(("nodes", name, "address") for name in names),
            *(each for name in names for each in either(name, "transport")),
            *(each for name in names for each in either(name, "ssh", "host")),
            *(each for name in names for each in either(name, "ssh", "port")),
            *(each for name in names for each in either(name, "ssh", "jump")),
        ),
    )


def _clash(spec: Cluster, taken: Listener, listener: Listener) -> Finding:
    if taken.node != listener.node:
        return Finding(
            ("nodes", listener.node, "address"),
            f"{taken.node} listens on {listener.address} port {listener.port} already",
            "an address of its own, or ports of its own",
            example=_free_address(spec),
            rests_on=(("nodes", taken.node, "address"), taken.place, listener.place),
        )
    blamed, other = (taken, listener) if taken.own and not listener.own else (listener, taken)
    used = {each.port for each in listeners_of(spec, listener.node)}
    return Finding(
        blamed.place,
        f"{blamed.port} is the port of another listener of {listener.node}: {path_of(other.place)}",
        example=next(port for port in range(2379, 65536) if port not in used),
        rests_on=(other.place,),
    )


def _free_address(spec: Cluster) -> str:
    taken = {node.address for node in spec.nodes.values()}
    return next(each for n in range(11, 255) if (each := f"10.0.0.{n}") not in taken)


def warnings(spec: Cluster) -> Iterator[str]:
    """Sets of nodes that work but are no gain, and databases that etcd itself warns of."""
    count = len(spec.nodes)
    if count % 2 == 0:
        yield (
            f"{count} members survive no more failures than {count - 1} and need more votes "
            "for each write"
        )
    away = [node.name for node in spec.resolved_nodes() if not node.reachable]
    if count > len(away) >= count - count // 2:
        yield (
            f"{', '.join(away)}: not reachable, so the other members have no quorum and nothing "
            "can be changed"
        )
    loopback = [node.name for node in spec.resolved_nodes() if is_loopback(node.address)]
    if loopback and len(loopback) < count:
        yield f"{', '.join(loopback)}: a loopback address, which other machines cannot reach"
    for node in spec.resolved_nodes():
        if node.quota_mib > _QUOTA_WARN_MIB:
            yield f"{node.name}: quota_mib {node.quota_mib} is above etcd's advised 8192"
