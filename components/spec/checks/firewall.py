"""Firewalls that work but may not do what was meant."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster


def warnings(spec: Cluster) -> Iterator[str]:
    """Client ports that nobody reaches, or everybody."""
    for node in spec.resolved_nodes():
        if not node.own_machine or node.firewall.backend == "none":
            continue
        if not node.firewall.clients:
            yield f"{node.name}: firewall.clients is empty: only members reach the client port"
        for client in node.firewall.clients:
            if ipaddress.ip_network(client).prefixlen == 0:
                yield f"{node.name}: firewall.clients has {client}: everybody reaches the port"
