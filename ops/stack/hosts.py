"""The machines that a stack file speaks of, read while the file may still have mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Host:
    """An sshd. `nodes` are reached at it or, for a jump host, through it; `behind` is the jump
    host in front of it; `pinned` is the host key that the stack file has."""

    title: str
    address: str
    port: int
    nodes: tuple[str, ...]
    behind: str = ""
    pinned: str = ""


def hosts_of(cluster: object) -> list[Host]:
    """Every machine over ssh once, each jump host before what lies behind it."""
    found: dict[tuple[str, str, int], Host] = {}
    for host in _hosts(_mapping(cluster)):
        place = (host.behind, host.address, host.port)
        known = found.setdefault(place, replace(host, nodes=()))
        found[place] = replace(known, nodes=(*known.nodes, *host.nodes))
    return list(found.values())


def _hosts(cluster: Mapping[str, Any]) -> Iterator[Host]:
    for name, body in _mapping(cluster.get("nodes")).items():
        node = _mapping(body)
        ssh = {**_mapping(cluster.get("ssh")), **_mapping(node.get("ssh"))}
        address = ssh.get("host") or node.get("address")
        if {**cluster, **node}.get("transport", "ssh") != "ssh" or not address:
            continue
        jump = _mapping(ssh.get("jump"))
        behind = str(jump.get("host", ""))
        if behind:
            yield _host(f"jump host {behind}", behind, jump, str(name))
        pinned = {**ssh, "host_key": node.get("host_key")}
        yield replace(_host(str(name), str(address), pinned, str(name)), behind=behind)


def _host(title: str, address: str, ssh: Mapping[str, Any], node: str) -> Host:
    port = ssh.get("port", 22)
    port = port if isinstance(port, int) else 22
    title = f"{title} ({address} port {port})"
    return Host(title, address, port, (node,), pinned=str(ssh.get("host_key") or ""))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
