"""What one cluster of both kinds of hosts gives its operators, and leaves when it is wiped."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from lab.hosts.cluster import run_of
from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_stack, node_of
from lab.stack import EtcdStack

# tests/journeys lives through all else in make test.
pytestmark = [pytest.mark.slow, pytest.mark.soak]

LOGINS: dict[str, dict[str, Any]] = {
    "s1": {"user": "admin", "sudo": True},
    "o1": {"user": "doer", "doas": True},
    "o2": {},
}
OPERATORS = "etcd-operators"
# What a host changes by itself, OpenRC's folder for values, and the accounts, which stay.
NOT_OURS = re.compile(
    r"/(var/log|var/lib/systemd|var/tmp/systemd-private-|var/cache|home/admin/.sudo_as)"
    r"|/etc/(conf\.d$|(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)-?$)"
)


@dataclass(frozen=True)
class Living:
    """`fresh` is what lay on each host's disk before the first `up`."""

    stack: EtcdStack
    hosts: list[Host]
    fresh: dict[str, dict[str, tuple[int, ...]]]


def node(host: Host, clients: str) -> dict[str, Any]:
    """A firewall where there is one at boot."""
    firewall = {"firewall": {"backend": "nftables", "clients": [clients]}}
    walled = firewall if host.image == "systemd" else {}
    return {**node_of(host), "ssh": LOGINS[host.name], **walled}


def disk(host: Host) -> dict[str, tuple[int, ...]]:
    """Mode, owner, group and, of a file, the size of everything on its disk."""
    found: dict[str, tuple[int, ...]] = {}
    root = host.files()
    for path in root.rglob("*"):
        status = path.lstat()
        size = status.st_size if stat.S_ISREG(status.st_mode) else 0
        name = str(path).removeprefix(str(root))
        found[name] = (status.st_mode, status.st_uid, status.st_gid, size)
    return found


@pytest.fixture(scope="module")
def cluster(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """One `up` has made it."""
    machines = [*hosts.start("s1"), *hosts.start("o1", "o2", image="openrc", userland="busybox")]
    fresh = {host.name: disk(host) for host in machines}
    clients = f"{hosts.network.controller}/32"
    stack = host_stack(
        tmp_path_factory.mktemp("living"),
        machines,
        nodes={host.name: node(host, clients) for host in machines},
        shell_profile={"group": OPERATORS},
        throwaway=True,
        on_destroy="wipe",
    )
    try:
        stack.up().ok()
        yield Living(stack, machines, fresh)
    finally:
        stack.destroy()


def test_operators_use_etcdctl_on_a_host_and_others_cannot(cluster: Living) -> None:
    for host in (cluster.hosts[0], cluster.hosts[-1]):
        host.inside(f"usermod -aG {OPERATORS} doer || addgroup doer {OPERATORS}").ok()
        asked = host.ssh("sh -lc 'etcdctl endpoint health' 2>&1", user="doer").ok()
        assert asked.stdout.count("is healthy") == len(cluster.hosts)
        denied = host.ssh("sh -lc 'printenv ETCDCTL_KEY; cat /etc/etcd/pki/*.key'", user="plain")
        assert (denied.status, denied.stdout) == (1, "")
        assert denied.stderr.count("Permission denied") == 4


def test_a_wiped_cluster_leaves_nothing_and_no_reboot_brings_it_back(cluster: Living) -> None:
    cluster.stack.destroy().ok()
    assert all(run_of(host) == (0, 0) for host in cluster.hosts)
    for host in cluster.hosts:
        assert left_over(cluster.fresh[host.name], disk(host)) == {}
        assert "etcd" not in host.inside("nft list ruleset").ok().stdout
    rebooted = cluster.hosts[0]
    rebooted.reboot()
    assert run_of(rebooted) == (0, 0)


def left_over(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs on a disk, and is not the host's own doing."""
    differ = dict(before.items() ^ after.items())
    return {
        path: (before.get(path), after.get(path)) for path in differ if not NOT_OURS.match(path)
    }
