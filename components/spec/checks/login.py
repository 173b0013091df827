"""How nodes are logged in to: a pinned host key, a key or the agent, the rights of root."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from components.spec.models.origin import either, origin
from components.spec.report.finding import Finding, once
from components.spec.report.problems import Place, path_of
from components.spec.values.host_key import REMEDY

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.models.node import NodeSettings


def findings(spec: Cluster) -> Iterator[Finding]:
    """Everything that a login needs, but for the private keys themselves."""
    remote = [node for node in spec.resolved_nodes() if node.logs_in]
    yield from once(each for node in remote for each in _host_keys(spec, node))
    yield from _way_in(remote)
    yield from once(each for node in remote for each in _rights(spec, node))


def _host_keys(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    """Nothing secret may reach a machine that only has the address of the right one."""
    places: list[Place] = [] if node.host_key else [("nodes", node.name, "host_key")]
    if node.ssh.jump and not node.ssh.jump.host_key:
        places.append((*origin(spec, node.name, "ssh", "jump"), "host_key"))
    for place in places:
        yield Finding(
            place,
            "is missing: without it any machine at that address would be given the keys",
            REMEDY,
            rests_on=either(node.name, "transport"),
        )


def _way_in(remote: Sequence[NodeSettings]) -> Iterator[Finding]:
    """A private key or the agent; all nodes are blamed at once where none has either."""
    without = [node.name for node in remote if node.ssh.private_key is None and not node.ssh.agent]
    place = ("ssh", "private_key")
    alike = len(without) == len(remote)
    for name in without[:1] if alike else without:
        blamed: Place = place if alike else ("nodes", name, *place)
        yield Finding(
            blamed,
            "is missing, and `agent` is not true: there is no way to log in",
            f"`agent: true` beside it, for the agent of SSH_AUTH_SOCK; or a key as a secret: "
            f"`{set_secret(blamed)}`",
            rests_on=tuple(
                each
                for node in remote
                for field in (("transport",), ("ssh", "agent"), place)
                for each in either(node.name, *field)
            ),
        )


def set_secret(place: Place) -> str:
    """The command that puts the content of a file into the stack file, encrypted."""
    return f"pulumi config set --secret --path {path_of(place)} < FILE"


def _rights(spec: Cluster, node: NodeSettings) -> Iterator[Finding]:
    """Preparing a machine takes the rights of root, got in one way."""
    ssh, name = node.ssh, node.name
    rests_on = tuple(
        place for field in ("user", "sudo", "doas") for place in either(name, "ssh", field)
    )
    if ssh.sudo and ssh.doas:
        ways = [origin(spec, name, "ssh", field) for field in ("sudo", "doas")]
        yield Finding(
            next((way for way in ways if way[0] == "nodes"), ways[1]),
            "sudo and doas are both true; one of them gives the rights",
            example=False,
            rests_on=(*rests_on, *either(name, "transport")),
        )
    if ssh.user != "root" and not ssh.sudo and not ssh.doas:
        yield Finding(
            origin(spec, name, "ssh", "user"),
            f"{ssh.user} has not the rights to prepare a machine",
            "`sudo: true` or `doas: true` beside it, or user root",
            example="root",
            rests_on=(*rests_on, *either(name, "transport")),
        )


def warnings(spec: Cluster) -> Iterator[str]:
    """Cloned machines, and rights that are there already."""
    first: dict[str, str] = {}
    for node in spec.resolved_nodes():
        if not node.logs_in:
            continue
        other = first.setdefault(node.host_key, node.name)
        if other != node.name:
            yield (
                f"{node.name} has the host key of {other}: machines cloned from one image can pose "
                "as each other until each makes keys of its own (`ssh-keygen -A`)"
            )
        if node.ssh.user == "root" and (node.ssh.sudo or node.ssh.doas):
            yield f"{node.name}: root logs in, so sudo and doas are not needed"
