"""Settings that no node has a use for: whoever wrote them expects something to happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.spec.models.install import FETCHES
from components.spec.models.origin import is_written
from components.spec.report.finding import Finding

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.models.node import NodeSettings
    from components.spec.report.problems import Place


@dataclass(frozen=True)
class _Use:
    place: Place
    is_used: Callable[[NodeSettings], bool]
    reason: str
    rests_on: tuple[Place, ...] = ()


def _logs_in(node: NodeSettings) -> bool:
    return node.logs_in


def _own_machine(node: NodeSettings) -> bool:
    return node.own_machine


def _machine(node: NodeSettings) -> bool:
    return not node.in_pod


def _this_machine(node: NodeSettings) -> bool:
    return node.on_this_machine


def _has_firewall(node: NodeSettings) -> bool:
    return not node.own_machine or node.firewall.backend != "none"


def _has_key(node: NodeSettings) -> bool:
    return not node.logs_in or node.ssh.private_key is not None


_METHOD: Place = ("install", "method")
_USES = (
    *(
        _Use((field,), is_used, "is for machines reached over ssh")
        for is_used, fields in (
            (_logs_in, ("host_key", "ssh")),
            (_own_machine, ("user", "key_access", "paths", "firewall", "shell_profile")),
        )
        for field in fields
    ),
    _Use(
        ("root",),
        _this_machine,
        "is for local nodes: over ssh `paths` says where files lie",
    ),
    *(
        _Use((field,), _machine, reason)
        for field, reason in (
            ("address", "is for machines: a pod is known by its name"),
            ("install", "is for machines: a pod runs kubernetes.image"),
            ("architecture", "is for machines: an image has its own"),
            ("reachable", "is for machines: Kubernetes moves a pod whose node is gone"),
            ("config_format", "is for machines: a pod has arguments"),
        )
    ),
    _Use(
        ("maintenance", "defragment"),
        _machine,
        "is for machines, where etcd is stopped for it; a pod's members take "
        "`etcdctl defrag`, followers first",
    ),
    _Use(
        ("maintenance", "prepare"),
        _machine,
        "is for machines: nothing is prepared for a pod",
    ),
    *(
        _Use(
            ("install", field),
            lambda node: not _machine(node) or node.install.method in FETCHES,
            f"is for {' and '.join(FETCHES)}, which fetch an archive",
            (_METHOD,),
        )
        for field in ("url", "sha256")
    ),
    _Use(
        ("install", "directory"),
        lambda node: node.install.method == "preinstalled",
        "is for preinstalled binaries",
        (_METHOD,),
    ),
    _Use(
        ("firewall", "clients"),
        _has_firewall,
        "is let through no firewall: the backend is none",
        (("firewall",),),
    ),
    _Use(
        ("ssh", "private_key_password"),
        _has_key,
        "belongs to a private key, which is missing",
        (("ssh",),),
    ),
)


def findings(spec: Cluster) -> Iterator[Finding]:
    """Each such setting where it is written: for all nodes, or for one."""
    nodes = spec.resolved_nodes()
    for use in _USES:
        if is_written(spec, use.place) and not any(map(use.is_used, nodes)):
            yield _finding(use, use.place, tuple(spec.nodes))
        for node in nodes:
            if is_written(spec.nodes[node.name], use.place) and not use.is_used(node):
                yield _finding(use, ("nodes", node.name, *use.place), (node.name,))


def _finding(use: _Use, place: Place, names: tuple[str, ...]) -> Finding:
    deciding: tuple[Place, ...] = (("transport",), *use.rests_on)
    own = tuple(("nodes", name, *each) for name in names for each in deciding)
    return Finding(place, use.reason, "remove it", rests_on=(*deciding, *own))
