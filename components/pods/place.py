"""A cluster of pods stays where it was founded: its members have names of that place."""

from __future__ import annotations

from components.member.member import BootstrapRecord
from components.spec import Cluster, Problem, SpecError

_KEYS = "namespace, service, cluster_domain and peer_port"


def require_same_place(record: BootstrapRecord, cluster: Cluster) -> None:
    """Raises SpecError if the address of a founder differs from the bootstrap record."""
    moved = [
        node.name
        for node in cluster.resolved_nodes()
        if record.peer_urls.get(node.name, node.peer_url) != node.peer_url
    ]
    if moved:
        raise SpecError([_problem(moved[0], record, cluster)])


def _problem(name: str, record: BootstrapRecord, cluster: Cluster) -> Problem:
    return Problem(
        path="cluster.kubernetes",
        value=cluster.node(name).peer_url,
        reason=f"is another place than the one in which the cluster was founded; {_KEYS} make it",
        remedy=f"what leads to {record.peer_urls[name]}, or a stack of its own for a new one; "
        f"if it has never lived, forget it: pulumi up --target-replace '{record.urn}'",
    )
