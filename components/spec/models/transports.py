"""The ways to reach a node, and what comes with each. Everybody else asks this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from components.spec.models.install import Method

TransportName = Literal["ssh", "local", "kubernetes"]
Runtime = Literal["systemd", "openrc", "supervisor", "pod"]


@dataclass(frozen=True)
class Transport:
    """`runtimes`: what can keep etcd running there; the first does, unless the stack file says
    otherwise, and so with `method`, by which etcd gets there, and the `directory` of preinstalled
    binaries, which is empty where there is no usual one. `logs_in`: with an account, a private key
    and a host key. `own_machine`: the node has users, folders, a firewall and a clock of its own.
    `pod`: Kubernetes runs the member."""

    runtimes: tuple[Runtime, ...]
    method: Method
    directory: str = ""
    logs_in: bool = False
    own_machine: bool = False
    pod: bool = False


TRANSPORTS: Mapping[TransportName, Transport] = {
    "ssh": Transport(("systemd", "openrc"), "release", logs_in=True, own_machine=True),
    "local": Transport(("supervisor",), "preinstalled", directory=".toolchain/etcd"),
    # A pod has what is in its image.
    "kubernetes": Transport(("pod",), "preinstalled", pod=True),
}
