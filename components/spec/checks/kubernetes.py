"""Clusters of pods: all nodes are, or none is, and some settings are Kubernetes' own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.models.origin import either, origin
from components.spec.report.finding import Finding, once
from components.spec.values.names import DNS_NAME_MAX
from components.spec.values.quantity import bytes_of

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.models.kubernetes import Kubernetes
    from components.spec.models.node import NodeSettings
    from components.spec.report.problems import Place

_MIB = 1024 * 1024
# A StatefulSet's name and a hash stand together in a label of its pods.
_NAME_MAX = 52


def findings(spec: Cluster) -> Iterator[Finding]:
    """Everything about a place in Kubernetes, or about none."""
    nodes = spec.resolved_nodes()
    pods = [node for node in nodes if node.in_pod]
    if not pods:
        yield from _no_place(spec)
    elif len(pods) < len(nodes):
        yield from _mixture(spec, nodes)
    elif spec.kubernetes is None:
        yield Finding(
            ("kubernetes",), "is missing", example={"namespace": "etcd"}, rests_on=_transports(spec)
        )
    yield from once(each for node in nodes for each in _of(spec, node))


def _no_place(spec: Cluster) -> Iterator[Finding]:
    if spec.kubernetes is not None:
        yield Finding(
            ("kubernetes",),
            "is for clusters of pods",
            "remove it, or say `transport: kubernetes`",
            rests_on=_transports(spec),
            # Without any address it is the transport that was forgotten.
            doubts=() if any(node.address for node in spec.nodes.values()) else _transports(spec),
        )


def _mixture(spec: Cluster, nodes: tuple[NodeSettings, ...]) -> Iterator[Finding]:
    """Members in pods and on machines would need each other's networks and names."""
    named = [node for node in nodes if "transport" in spec.nodes[node.name].model_fields_set]
    for node in named:
        yield Finding(
            ("nodes", node.name, "transport"),
            "a cluster lives in Kubernetes with all its members, or with none",
            "the same transport for all nodes",
            rests_on=_transports(spec),
            doubts=_transports(spec),
        )


def _of(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    if not node.in_pod:
        yield from _address(spec, node)
        return
    yield from _name(spec, node)
    yield from _metrics(spec, node)
    if spec.kubernetes is not None:
        yield from _domain(spec, node)
        yield from _volume(spec.kubernetes, node)


def _address(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    if spec.nodes[node.name].address is None:
        yield Finding(
            ("nodes", node.name, "address"),
            "is missing",
            example="10.0.0.11",
            rests_on=either(node.name, "transport"),
        )


def _name(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    if len(node.name) > _NAME_MAX:
        yield Finding(
            ("nodes", node.name),
            f"is longer than the {_NAME_MAX} characters that a StatefulSet's name may have",
            "a shorter name, such as etcd0",
            of_key=True,
            rests_on=_transports(spec),
        )


def _domain(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    """No certificate can hold a longer name."""
    longest = max(map(len, node.service_names))
    if longest > DNS_NAME_MAX:
        yield Finding(
            ("kubernetes", "cluster_domain"),
            f"gives {node.name} names of {longest} characters; {DNS_NAME_MAX} is the most",
            example="cluster.local",
            rests_on=(*_transports(spec), ("kubernetes", "namespace"), ("kubernetes", "service")),
        )


def _metrics(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    if node.metrics is not None and node.metrics.scheme != "http":
        yield Finding(
            origin(spec, node.name, "metrics", "scheme"),
            "cannot be asked by Kubernetes' probes, which have no certificate",
            example="http",
            rests_on=either(node.name, "transport"),
        )


def _volume(pods: Kubernetes, node: NodeSettings) -> Iterator[Finding]:
    """A snapshot of a full database has to fit beside it before an upgrade."""
    needed_mib = 2 * node.quota_mib
    if bytes_of(pods.storage.size) < needed_mib * _MIB:
        yield Finding(
            ("kubernetes", "storage", "size"),
            f"has no room for a database of {node.quota_mib} MiB ({node.name}'s quota_mib) and a "
            "snapshot of it",
            example=f"{needed_mib}Mi",
            rests_on=(*either(node.name, "quota_mib"), *either(node.name, "transport")),
        )


def _transports(spec: Cluster) -> tuple[Place, ...]:
    return (("transport",), *(("nodes", name, "transport") for name in spec.nodes))
