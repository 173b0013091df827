"""A cluster on hosts with what a user has who sets nothing: data that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab.hosts.cluster import ClusterOnHosts, run_of
from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_spec, host_stack
from lab.stack import Result
from tests.node.test_notes import NOTES

STATE = "/var/lib/etcd-cluster"
DATA = "/var/lib/etcd/data"
VERSIONS = ("3.5.35", "3.6.16", "3.7.3")


class Kept(ClusterOnHosts):
    """Three members, of which the one in the middle never leaves."""

    def __init__(self, stack: Any, hosts: list[Host]) -> None:
        super().__init__(stack, hosts)
        self.nodes = dict(stack.spec["nodes"])
        self.stays, self.leaving = hosts[1], [hosts[0], hosts[2]]

    def leave(self) -> None:
        """Takes all but one out of the stack file, and no `up` yet."""
        self.stack.change(nodes={self.stays.name: self.nodes[self.stays.name]})

    def put_back(self) -> None:
        """The same lines as before, and no `up` yet."""
        self.stack.change(nodes=self.nodes)

    def upgrade(self) -> None:
        """To the next minor, and no `up` yet."""
        version = VERSIONS[VERSIONS.index(self.stack.spec["version"]) + 1]
        install = host_spec(self.hosts, version=version)["install"]
        self.stack.change(version=version, install=install)

    def members(self) -> dict[str, str]:
        """The id of each voter by its name."""
        listed = self.etcdctl("member", "list", hosts=[self.stays]).splitlines()
        rows = [line.split(", ") for line in listed]
        assert {row[1] for row in rows} == {"started"}
        assert {row[5] for row in rows} == {"false"}
        return {row[2]: row[0] for row in rows}


@contextmanager
def kept_cluster(hosts: Hosts, folder: Path) -> Iterator[Kept]:
    """On OpenRC and busybox, systemd, and systemd; nothing is said of `on_destroy`."""
    (first,) = hosts.start("o1", image="openrc", userland="busybox")
    machines = [first, *hosts.start("s1", "s2")]
    stack = host_stack(folder, machines, version=VERSIONS[0])
    stack.change()
    stack.up().ok()
    yield Kept(stack, machines)


def kept_folders(hosts: Iterable[Host]) -> dict[str, set[str]]:
    return {h.name: set(h.inside(f"ls -d {DATA}.retired-*").stdout.split()) for h in hosts}


def notes(host: Host) -> set[str]:
    return set(host.inside(f"ls {STATE}").ok().stdout.split())


def leave_and_return(cluster: Kept, up: Callable[[str], Result]) -> str:
    """What the first of both `up`s has said, which are called `leave` and `return`."""
    cluster.etcdctl("put", "kept", "a value")
    before, kept = cluster.members(), kept_folders(cluster.leaving)
    cluster.leave()
    output = up("leave").ok().output
    assert cluster.members().keys() == {cluster.stays.name}
    for host in cluster.leaving:
        assert run_of(host) == (0, 0)
        assert {"left", "retired"} <= notes(host)
        assert not notes(host) & {"lived", "data", "folders", "started", "defragmented"}
    cluster.put_back()
    up("return").ok()
    _assert_returned(cluster, before, kept)
    return output


def _assert_returned(cluster: Kept, before: dict[str, str], kept: dict[str, set[str]]) -> None:
    """Each as a new member that has learned everything; what it had lies beside."""
    now = cluster.members()
    assert now.keys() == before.keys()
    for host in cluster.leaving:
        assert now[host.name] != before[host.name], "it came back as its former self"
    assert cluster.etcdctl("get", "kept", "--print-value-only") == "a value\n"
    for name, folders in kept_folders(cluster.leaving).items():
        assert folders > kept[name]
    assert_settled(cluster)


def assert_settled(cluster: Kept) -> None:
    """Everybody is healthy, no note of anything unfinished is there, and nothing is left to do."""
    cluster.wait_healthy()
    for host in cluster.hosts:
        assert notes(host) <= NOTES.keys()
        assert not notes(host) & {"left", "joining", "retired"}
    cluster.stack.up("--expect-no-changes").ok()
