"""The cluster's authority: its generations, the trust bundle, and every certificate it issues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pulumi
from pulumi import Output, ResourceOptions

from components.pki.generations import Generation, make_generation
from components.pki.leaf import Leaf, LeafSpec
from components.pki.pems import join_certificates
from components.pki.roles import CLIENT, NODE_ROLES, Role
from components.pki.sans import Sans, no_sans
from components.pki.subjects import Subject, consumer_subject, node_subject
from components.spec import Cluster
from components.spec.models.node import NodeSettings


class Authority(pulumi.ComponentResource):
    """All certificates of one cluster.

    A rotation is three changes of the stack file, each rolled out before the next: trust both
    generations, sign with the new one, drop the old one.
    """

    bundle: Output[str]
    """The roots of the trusted generations, in the order of `pki.trusted`: ca.pem."""
    nodes: Mapping[str, Mapping[str, Leaf]]
    """Leaves by node name and role name (`server`, `peer`, `maintenance`)."""
    consumers: Mapping[str, Leaf]
    """Client leaves by consumer name, `operator` among them."""
    generations: Mapping[int, Generation]
    """The trusted generations by number."""

    def __init__(self, name: str, cluster: Cluster, opts: ResourceOptions | None = None) -> None:
        super().__init__("etcd-cluster:pki:Authority", name, None, opts)
        self._pki = cluster.pki
        self.generations = {
            number: make_generation(f"{name}-ca-{number}", number, cluster, parent=self)
            for number in cluster.pki.trusted
        }
        self.bundle = Output.all(*(made.root_pem for made in self.generations.values())).apply(
            lambda roots: join_certificates(*roots)
        )
        self.nodes = {node.name: self._issue_node(node) for node in cluster.resolved_nodes()}
        self.consumers = {
            consumer: self.issue(
                f"consumer-{consumer}", CLIENT, consumer_subject(cluster.pki, described), no_sans()
            )
            for consumer, described in cluster.consumers.items()
        }
        for number, made in self.generations.items():
            _warn_before_end(number, made, cluster.pki.lifetimes.ca.renew_before)
        self.register_outputs({"bundle": self.bundle})

    def issue(self, child_name: str, role: Role, subject: Subject, sans: Sans) -> Leaf:
        """A leaf signed by the signing generation. `child_name` is its identity in the state."""
        spec = LeafSpec(
            subject=subject,
            sans=sans,
            uses=role.uses[self._pki.profile],
            algorithm=self._pki.algorithm,
            lifetime=getattr(self._pki.lifetimes, role.name),
        )
        signer = self.generations[self._pki.signing].signer
        name = f"{self.pulumi_resource_name}-{child_name}"
        return Leaf(name, spec, signer, opts=ResourceOptions(parent=self))

    def _issue_node(self, node: NodeSettings) -> dict[str, Leaf]:
        return {
            role.name: self.issue(
                f"node-{node.name}-{role.name}",
                role,
                node_subject(self._pki, role, node.name),
                role.sans(node.address, node.names, node.service_names),
            )
            for role in NODE_ROLES
        }


def _warn_before_end(number: int, made: Generation, ahead: timedelta) -> None:
    """An authority is never replaced by itself, so a person has to hear of its end in time."""

    def warn(not_after: str) -> None:
        left = datetime.fromisoformat(not_after) - datetime.now(UTC)
        if left < ahead:
            pulumi.log.warn(
                f"authority generation {number} ends at {not_after}: "
                f"add a generation to pki.trusted and rotate to it"
            )

    made.not_after.apply(warn)
