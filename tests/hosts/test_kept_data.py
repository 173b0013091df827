"""Machines that leave and come back, with what a user has who sets nothing: data that is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from lab.hosts.cluster import ClusterOnHosts, run_of
from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_spec, host_stack
from lab.stack import Result
from tests.node.test_notes import NOTES

# A node that leaves and returns is in tests/journeys too, without what the machine remembers.
pytestmark = [pytest.mark.slow, pytest.mark.soak]

STATE = "/var/lib/etcd-cluster"
DATA = "/var/lib/etcd/data"
BEFORE, AFTER = "3.5.35", "3.6.16"


class Kept(ClusterOnHosts):
    """Three members, of which the one in the middle never leaves."""

    def __init__(self, stack: Any, hosts: list[Host]) -> None:
        super().__init__(stack, hosts)
        self.nodes = dict(stack.spec["nodes"])
        self.stays, self.leaving = hosts[1], [hosts[0], hosts[2]]

    def leave(self) -> Result:
        """Takes all but one out of the stack file."""
        self.stack.change(nodes={self.stays.name: self.nodes[self.stays.name]})
        return self.stack.up()

    def put_back(self) -> None:
        """The same lines as before, and no `up` yet."""
        self.stack.change(nodes=self.nodes)

    def members(self) -> dict[str, str]:
        """The id of each voter by its name."""
        listed = self.etcdctl("member", "list", hosts=[self.stays]).splitlines()
        rows = [line.split(", ") for line in listed]
        assert {row[1] for row in rows} == {"started"}
        assert {row[5] for row in rows} == {"false"}
        return {row[2]: row[0] for row in rows}


@pytest.fixture(scope="module")
def cluster(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """On OpenRC and busybox, systemd, and systemd; nothing is said of `on_destroy`."""
    (first,) = hosts.start("o1", image="openrc", userland="busybox")
    machines = [first, *hosts.start("s1", "s2")]
    stack = host_stack(tmp_path_factory.mktemp("kept"), machines, version=BEFORE)
    del stack.spec["on_destroy"]
    stack.change()
    try:
        stack.up().ok()
        yield Kept(stack, machines)
    finally:
        stack.destroy()


def kept_folders(hosts: Iterable[Host]) -> dict[str, set[str]]:
    return {h.name: set(h.inside(f"ls -d {DATA}.retired-*").stdout.split()) for h in hosts}


def notes(host: Host) -> set[str]:
    return set(host.inside(f"ls {STATE}").ok().stdout.split())


def assert_returned(cluster: Kept, before: dict[str, str], kept: dict[str, set[str]]) -> None:
    """Each as a new member that has learned everything; what it had lies beside."""
    now = cluster.members()
    assert now.keys() == before.keys()
    for host in cluster.leaving:
        assert now[host.name] != before[host.name], "it came back as its former self"
    assert cluster.etcdctl("get", "kept", "--print-value-only") == "a value\n"
    for name, folders in kept_folders(cluster.leaving).items():
        assert folders > kept[name]
    for host in cluster.hosts:
        assert notes(host) <= NOTES.keys()
        assert not notes(host) & {"left", "joining", "retired"}
    cluster.stack.up("--expect-no-changes").ok()


def leave_and_return(cluster: Kept) -> None:
    cluster.etcdctl("put", "kept", "a value")
    before, kept = cluster.members(), kept_folders(cluster.leaving)
    output = cluster.leave().ok().output
    assert cluster.members().keys() == {cluster.stays.name}
    for host in cluster.leaving:
        assert re.search(rf"{host.name}: stopped, data kept in {DATA}\.retired-", output)
        assert run_of(host) == (0, 0)
        assert {"left", "retired"} <= notes(host)
        assert not notes(host) & {"lived", "data", "folders", "started", "defragmented"}
    cluster.put_back()
    cluster.stack.up().ok()
    assert_returned(cluster, before, kept)


def upgrade(cluster: Kept, version: str) -> None:
    install = host_spec(cluster.hosts, version=version)["install"]
    cluster.stack.change(version=version, install=install)


def test_who_leaves_after_an_upgrade_and_a_defragmentation_comes_back_as_a_new_member(
    cluster: Kept,
) -> None:
    upgrade(cluster, AFTER)
    cluster.stack.change(maintenance={"defragment": "1"})
    cluster.stack.up().ok()
    assert "snapshots" in set().union(*map(notes, cluster.leaving))
    assert all("defragmented" in notes(host) for host in cluster.hosts)
    leave_and_return(cluster)
    assert "snapshots" in set().union(*map(notes, cluster.leaving)), "a kept snapshot is gone"
