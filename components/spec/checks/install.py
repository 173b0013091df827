"""Ways to install that lack something: a checksum, a folder, a host to fetch from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.models.install import FETCHES
from components.spec.models.origin import either, origin
from components.spec.report.finding import Finding, once
from components.spec.values.folders import fault_of_path
from components.spec.values.releases import SUMS_URL

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.models.node import NodeSettings
    from components.spec.report.problems import Place

_FIELDS = (
    *(("transport",), ("architecture",), ("install", "method")),
    *(("install", "url"), ("install", "sha256")),
)


def findings(spec: Cluster) -> Iterator[Finding]:
    """Everything about getting binaries onto the nodes."""
    machines = [node for node in spec.resolved_nodes() if not node.in_pod]
    return iter(once(each for node in machines for each in _of(spec, node)))


def _of(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    if node.install.method in FETCHES:
        yield from _checksum(spec, node)
        yield from _source(spec, node)
    elif node.install.method == "preinstalled" and node.own_machine:
        yield from _directory(spec, node)


def _checksum(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    """Without a checksum nothing says that an archive is etcd's."""
    sums = node.install.sha256
    if sums if node.architecture is None else node.architecture in sums:
        return
    archive = f"etcd-v{spec.version}-linux-{node.architecture or 'amd64'}.tar.gz"
    yield Finding(
        origin(spec, node.name, "install", "sha256"),
        f"holds none for {archive}, and this project knows none",
        f"give install.sha256 for {node.architecture or 'amd64'}: the line of {archive} in "
        f"{SUMS_URL.format(version=spec.version)}",
        rests_on=(("version",), *_rests_on(node.name)),
    )


def _source(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    if node.install.url.startswith("file:") and node.install.method != "push":
        yield Finding(
            origin(spec, node.name, "install", "url"),
            "is a file of this machine, and with method release the node itself fetches",
            "`method: push`, or an http or https URL",
            rests_on=_rests_on(node.name),
        )


def _directory(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    directory = node.install.directory
    reason = fault_of_path(directory) if directory else "is missing, and over ssh has no default"
    if reason:
        yield Finding(
            origin(spec, node.name, "install", "directory"),
            reason,
            example="/srv/etcd-releases",
            rests_on=(*_rests_on(node.name), *either(node.name, "install", "directory")),
        )


def _rests_on(name: str) -> tuple[Place, ...]:
    return tuple(place for field in _FIELDS for place in either(name, *field))
