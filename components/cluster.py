"""The cluster: authority, bootstrap record, members as machines or as pods, outputs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi import Output, ResourceOptions

from components.context import ClusterContext
from components.machine.machines import Machines
from components.member.layout import check_folders
from components.member.member import BootstrapRecord, members_of
from components.outputs import cluster_outputs
from components.pki.authority import Authority
from components.pods.look import look
from components.spec import Cluster

if TYPE_CHECKING:
    from components.pods.cluster import Pods


class EtcdCluster(pulumi.ComponentResource):
    """A TLS etcd cluster as `spec` describes it; `outputs` is what a stack exports of it.

    Relative folders of the spec count from `project`. Raises SpecError for what only shows there.
    """

    outputs: dict[str, Any]

    def __init__(
        self, name: str, spec: Cluster, project: Path, opts: ResourceOptions | None = None
    ) -> None:
        check_folders(member.layout for member in members_of(spec, project))
        super().__init__("etcd-cluster:index:EtcdCluster", name, None, opts)
        authority = Authority(f"{name}-authority", spec, opts=ResourceOptions(parent=self))
        looked = look(name, spec, project, parent=self)
        record, stash = self._bootstrap_record(name, spec, authority, after=looked)
        context = ClusterContext(spec, project, authority, record, stash)
        members = (_pods if spec.in_kubernetes else Machines)(
            name, context, ResourceOptions(parent=self)
        )
        self.outputs = {**cluster_outputs(spec, authority), "health": members.health}
        self.register_outputs(self.outputs)

    def _bootstrap_record(
        self, name: str, spec: Cluster, authority: Authority, after: Sequence[Any]
    ) -> tuple[Output[BootstrapRecord], pulumi.Resource]:
        """Remembered in the state at the first creation, whatever the stack file says later."""
        wanted = {node.name: node.peer_url for node in spec.resolved_nodes()}
        first = next(iter(authority.generations.values()))
        stash = pulumi.Stash(
            f"{name}-bootstrap",
            input={
                "token": f"etcd-cluster-{spec.name}",
                "peer_urls": wanted,
                "authority": first.root_pem.apply(_digest),
            },
            opts=ResourceOptions(parent=self, depends_on=[*after]),
        )
        known = Output.all(stash.output, stash.urn)
        return known.apply(lambda seen: _bootstrap_record(*seen)), stash


def _pods(name: str, context: ClusterContext, opts: ResourceOptions) -> Pods:
    # The SDK of Kubernetes takes a quarter of a second to import.
    from components.pods.cluster import Pods  # noqa: PLC0415

    return Pods(name, context, opts)


def _bootstrap_record(remembered: Mapping[str, Any], urn: str) -> BootstrapRecord:
    # The engine keeps no order in objects, and what reaches a node must not change by itself.
    peer_urls = dict(sorted(remembered["peer_urls"].items()))
    return BootstrapRecord(remembered["token"], peer_urls, remembered.get("authority", ""), urn)


def _digest(root_pem: str) -> str:
    return hashlib.sha256(root_pem.encode()).hexdigest()[:16]
