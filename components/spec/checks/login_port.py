"""The port that a machine is logged in to is none of its member's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.models.listeners import Listener, listeners_of
from components.spec.models.origin import either, is_written, origin
from components.spec.report.finding import Finding, once
from components.spec.report.problems import path_of

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.models.node import NodeSettings


def findings(spec: Cluster) -> Iterator[Finding]:
    """Etcd could not listen there, and the firewall would close it to whoever logs in."""
    remote = (node for node in spec.resolved_nodes() if node.logs_in)
    return iter(once(each for node in remote for each in _taken(spec, node)))


def _taken(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    for listener in listeners_of(spec, node.name):
        if listener.port == node.ssh.port:
            yield _finding(spec, node, listener)


def _finding(spec: Cluster, node: NodeSettings, listener: Listener) -> Finding:
    """Blames what is written, and never a default."""
    login = origin(spec, node.name, "ssh", "port")
    rests_on = (*either(node.name, "transport"), *either(node.name, "ssh", "port"), listener.place)
    if listener.own or is_written(spec, listener.place):
        used = {node.ssh.port, *(each.port for each in listeners_of(spec, node.name))}
        return Finding(
            listener.place,
            f"{listener.port} is the port by which {node.name} is logged in to: {path_of(login)}",
            example=next(port for port in range(2379, 65536) if port not in used),
            rests_on=rests_on,
        )
    return Finding(
        login,
        f"{node.ssh.port} is a port on which etcd of {node.name} listens: "
        f"{path_of(listener.place)}",
        example=22,
        rests_on=rests_on,
    )
