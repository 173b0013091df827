"""Where the members are found. Pure."""

from __future__ import annotations

from typing import TypedDict

from components.spec import Cluster


class Member(TypedDict):
    """Where one member is found."""

    address: str
    client_url: str
    peer_url: str


def endpoints(cluster: Cluster) -> list[str]:
    """The members' client URLs, by name of the node."""
    return [node.client_url for node in cluster.resolved_nodes()]


def members(cluster: Cluster) -> dict[str, Member]:
    """Node name to where it is found."""
    return {
        node.name: {
            "address": node.address,
            "client_url": node.client_url,
            "peer_url": node.peer_url,
        }
        for node in cluster.resolved_nodes()
    }
