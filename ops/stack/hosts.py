"""The machines that a stack file speaks of, read while the file may still have mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from components.spec.models.transports import TRANSPORTS

_PORT, _LAST_PORT = 22, 65535


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


def left_out(cluster: object) -> list[str]:
    """The nodes that a mistake keeps from being dialled: no address, a port that is no number, an
    unknown transport."""
    known = {node for host in hosts_of(cluster) for node in host.nodes}
    whole = _mapping(cluster)
    nodes = _mapping(whole.get("nodes")).items()
    return [
        str(name)
        for name, body in nodes
        if name not in known and _may_log_in(whole, _mapping(body), unknown=True)
    ]


def _hosts(cluster: Mapping[str, Any]) -> Iterator[Host]:
    for name, body in _mapping(cluster.get("nodes")).items():
        node = _mapping(body)
        ssh = _ssh_of(cluster.get("ssh"), node.get("ssh"))
        if ssh is None or not _may_log_in(cluster, node):
            continue
        address = ssh.get("host") or node.get("address")
        if not _says_where(address, ssh):
            continue
        behind = ssh["jump"].get("host", "")
        if behind:
            yield _host(f"jump host {behind}", behind, ssh["jump"], str(name))
        pinned = {**ssh, "host_key": node.get("host_key")}
        yield replace(_host(str(name), str(address), pinned, str(name)), behind=behind)


def _ssh_of(*written: object) -> dict[str, Any] | None:
    """What is set for all and for one node, with `jump` as a mapping; None where a mistake hides
    it."""
    if not all(isinstance(each, dict | None) for each in written):
        return None
    ssh = {key: value for each in written for key, value in _mapping(each).items()}
    jump = ssh.get("jump")
    if jump in (None, "none"):
        return {**ssh, "jump": {}}
    known = isinstance(jump, dict) and _says_where(jump.get("host"), jump)
    return ssh if known else None


def _may_log_in(
    cluster: Mapping[str, Any], node: Mapping[str, Any], *, unknown: bool = False
) -> bool:
    """`unknown`: what to say of a transport that there is not."""
    name = {**cluster, **node}.get("transport", "ssh")
    known = TRANSPORTS.get(name) if isinstance(name, str) else None  # type: ignore[call-overload]
    return known.logs_in if known else unknown


def _says_where(address: object, ssh: Mapping[str, Any]) -> bool:
    port = ssh.get("port", _PORT)
    is_port = isinstance(port, int) and not isinstance(port, bool) and 0 < port <= _LAST_PORT
    return is_port and isinstance(address, str) and address.isprintable() and bool(address)


def _host(title: str, address: str, ssh: Mapping[str, Any], node: str) -> Host:
    port = ssh.get("port", _PORT)
    title = f"{title} ({address} port {port})"
    return Host(title, address, port, (node,), pinned=str(ssh.get("host_key") or ""))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
