"""The ports that a member listens on: free, or held by itself."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.machine.sockets import socket_forms
from components.member.member import Member


def step(member: Member) -> PreparationStep:
    """For every node."""
    return PreparationStep("ports", {"listen_sockets": listen_sockets(member)})


def listen_sockets(member: Member) -> str:
    """Where etcd is to listen: "address:port=FORMS", joined by commas; FORMS as `socket_forms`."""
    node = member.node
    ports = [node.client_port, node.peer_port]
    if node.metrics is not None:
        ports.append(node.metrics.port)
    return ",".join(f"{node.address}:{port}={socket_forms(node.address, port)}" for port in ports)
