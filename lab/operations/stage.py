"""A cluster that operations are done to, with hosts that are ready to join it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from lab.hosts.cluster import ClusterOnHosts
from lab.hosts.host import Host
from lab.hosts.stack import host_stack, node_of
from lab.hosts.temporary import temporary_hosts
from lab.stack import EtcdStack


class Stage(ClusterOnHosts):
    """`spares` are on and not in the stack file."""

    def __init__(self, stack: EtcdStack, hosts: Sequence[Host], spares: Sequence[Host]) -> None:
        super().__init__(stack, hosts)
        self.spares = spares

    def nodes(self, *others: Host) -> dict[str, dict[str, Any]]:
        """What the stack file says of the cluster's hosts, and of others beside them."""
        return {host.name: node_of(host) for host in (*self.hosts, *others)}


@contextmanager
def stage(founders: int, spares: int, spec: Mapping[str, Any]) -> Iterator[Stage]:
    """A healthy cluster with that in its stack file, on fresh hosts."""
    with temporary_hosts() as (made, project):
        hosts = made.start(*(f"etcd{number + 1}" for number in range(founders + spares)))
        stack = host_stack(project, hosts[:founders], **spec)
        stack.up().ok()
        yield Stage(stack, hosts[:founders], hosts[founders:])
