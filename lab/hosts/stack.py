"""This project's own program against real hosts: `pulumi up` over SSH."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lab.hosts.host import Host
from lab.releases import real_release
from lab.stack import EtcdStack, Secrets

RUNTIMES = {"systemd": "systemd", "openrc": "openrc", "openrc-arm64": "openrc"}


def node_of(host: Host) -> dict[str, Any]:
    """What the stack file says of a host."""
    runtime = next(name for name in ("systemd", "openrc") if name in host.image)
    node: dict[str, Any] = {"address": host.address, "host_key": host.host_key}
    return node if runtime == "systemd" else {**node, "runtime": runtime}


def host_spec(hosts: Iterable[Host], **spec: Any) -> dict[str, Any]:
    """The cluster object of a stack file whose nodes are these hosts, with the binaries at hand on
    this machine. What `spec` says goes first."""
    hosts = list(hosts)
    release = real_release(spec.get("version", "3.6.16"))
    return {
        "transport": "ssh",
        "runtime": "systemd",
        "ssh": {"private_key": hosts[0].login_key.read_text()},
        "install": {
            "method": "push",
            "url": release.path.as_uri(),
            "sha256": {"amd64": release.sha256},
        },
        "nodes": {host.name: node_of(host) for host in hosts},
        **spec,
    }


def host_stack(
    folder: Path, hosts: Iterable[Host], secrets: Secrets | None = None, **spec: Any
) -> EtcdStack:
    """A stack whose nodes are these hosts."""
    return EtcdStack(folder, spec=host_spec(hosts, **spec), **(secrets or {})).create()
