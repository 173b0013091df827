"""Stack files of these tests, and members without any certificate behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from components.machine.desired import Desired, desired_state
from components.member.credentials import Credentials, Pair
from components.member.member import BootstrapRecord, Member, members_of
from components.pki.roles import NODE_ROLES
from components.spec import load

PROJECT = Path("/srv/project")


def stack_file(nodes: int = 3, network: str = "10.0.0.", **settings: Any) -> dict[str, Any]:
    """A stack file's cluster object with nodes etcd1, etcd2, …; `settings` on top."""
    return {
        "name": "t",
        "version": "3.6.16",
        "transport": "local",
        "runtime": "supervisor",
        "nodes": {f"etcd{n}": {"address": f"{network}{n}"} for n in range(1, nodes + 1)},
        **settings,
    }


def first_member(project: Path = PROJECT, **settings: Any) -> Member:
    """The first member of such a cluster."""
    return members_of(load(stack_file(**settings)), project)[0]


def record_of(member: Member) -> BootstrapRecord:
    """As remembered when the cluster was created with the members it has."""
    nodes = member.cluster.resolved_nodes()
    return BootstrapRecord("etcd-cluster-t", {node.name: node.peer_url for node in nodes})


def credentials(serial: int = 1, bundle: str = "bundle\n") -> Credentials:
    """Recognisable texts in place of PEM."""
    return Credentials(
        bundle,
        {
            role.name: Pair(f"{role.name} certificate {serial}\n", f"{role.name} key {serial}\n")
            for role in NODE_ROLES
        },
    )


def desired(member: Member, *, serial: int = 1, bundle: str = "bundle\n") -> Desired:
    """The member's desired state with such credentials."""
    return desired_state(member, record_of(member), credentials(serial, bundle))
