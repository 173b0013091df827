"""The life of clusters on real hosts: three with systemd, three with OpenRC, five mixed.

The tests of a cluster run in their order, on the cluster as the one before has left it.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.hosts.cluster import ClusterOnHosts, run_of
from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_stack, node_of
from lab.watchers.watch import Watch

# tests/journeys lives through the same in make test, on hosts of both kinds together.
pytestmark = [pytest.mark.slow, pytest.mark.soak]

# Which hosts, and who logs in to them.
ROOT: dict[str, Any] = {}
ADMIN = {"user": "admin", "sudo": True}
DOER = {"user": "doer", "doas": True}
CLUSTERS = {
    "mixed": {"s1": ADMIN, "s2": ADMIN, "s3": ADMIN, "o1": DOER, "o2": ROOT},
    "systemd": {"s1": ROOT, "s2": ROOT, "s3": ROOT},
    "openrc": {"o1": ROOT, "o2": ROOT, "o3": ROOT},
}
# Its data is wiped in the end, the others' is kept.
MIXED = "mixed"
KEPT = "a value that outlives its cluster"
OPERATORS = "etcd-operators"
# What a host changes by itself, OpenRC's folder for values, and the accounts, which stay.
NOT_OURS = re.compile(
    r"/(var/log|var/lib/systemd|var/tmp/systemd-private-|var/cache|home/admin/.sudo_as)"
    r"|/etc/(conf\.d$|(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)-?$)"
)


@pytest.fixture(scope="module")
def machines(hosts: Hosts) -> dict[str, Host]:
    """Those of all clusters, which come one after the other."""
    systemd = hosts.start("s1", "s2", "s3")
    openrc = hosts.start("o1", "o2", "o3", image="openrc", userland="busybox")
    return {host.name: host for host in (*systemd, *openrc)}


class Living(ClusterOnHosts):
    """`fresh` is what lay on each host's disk before the first `up`."""

    def __init__(self, kind: str, machines: dict[str, Host], folder: Path, clients: str) -> None:
        logins = CLUSTERS[kind]
        hosts = [machines[name] for name in logins]
        self.wiped = kind == MIXED
        self.fresh = {host.name: disk(host) for host in hosts}
        stack = host_stack(
            folder,
            hosts,
            nodes={host.name: node(host, logins[host.name], clients) for host in hosts},
            shell_profile={"group": OPERATORS},
            on_destroy="wipe" if self.wiped else "keep",
        )
        super().__init__(stack, hosts)


def node(host: Host, ssh: dict[str, Any], clients: str) -> dict[str, Any]:
    """A firewall where there is one at boot."""
    firewall = {"firewall": {"backend": "nftables", "clients": [clients]}}
    return {**node_of(host), "ssh": ssh, **(firewall if host.image == "systemd" else {})}


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


@pytest.fixture(scope="module", params=CLUSTERS)
def cluster(
    request: pytest.FixtureRequest,
    hosts: Hosts,
    machines: dict[str, Host],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Living]:
    """One `up` has made it."""
    folder = tmp_path_factory.mktemp(request.param)
    living = Living(request.param, machines, folder, f"{hosts.network.controller}/32")
    try:
        living.stack.up().ok()
        yield living
    finally:
        living.stack.destroy()


def test_the_outputs_are_enough_to_write_and_read(cluster: Living) -> None:
    assert cluster.stack.etcdctl("put", "first", "of all") == "OK\n"
    assert cluster.stack.etcdctl("get", "first", "--print-value-only") == "of all\n"
    assert cluster.etcdctl("endpoint", "health").count("is healthy") == len(cluster.hosts)


def test_a_founder_is_an_existing_member_from_then_on(cluster: Living) -> None:
    for host in cluster.hosts:
        environment = (host.files() / "etc/etcd/etcd.env").read_text()
        assert re.findall("STATE=.*", environment) == ["STATE='existing'"], environment


def test_a_second_up_asks_and_changes_nobody(cluster: Living) -> None:
    runs, sessions = cluster.runs(), cluster.sessions()
    assert (0, 0) not in runs
    output = cluster.stack.up().ok().output
    assert " unchanged" in output
    assert not re.search("created|updated|deleted|replaced", output), output
    assert (cluster.runs(), cluster.sessions()) == (runs, sessions)


def test_operators_use_etcdctl_on_a_host_and_others_cannot(cluster: Living) -> None:
    for host in (cluster.hosts[0], cluster.hosts[-1]):
        host.inside(f"usermod -aG {OPERATORS} doer || addgroup doer {OPERATORS}").ok()
        asked = host.ssh("sh -lc 'etcdctl endpoint health' 2>&1", user="doer").ok()
        assert asked.stdout.count("is healthy") == len(cluster.hosts)
        denied = host.ssh("sh -lc 'printenv ETCDCTL_KEY; cat /etc/etcd/pki/*.key'", user="plain")
        assert (denied.status, denied.stdout) == (1, "")
        assert denied.stderr.count("Permission denied") == 4


def test_a_change_restarts_one_after_the_other(cluster: Living) -> None:
    before = cluster.runs()
    cluster.stack.change(flags={"max-txn-ops": 256})
    with Watch(cluster.closed) as watch:
        cluster.stack.up().ok()
    closed = [str(names) for names in watch.seen if names]
    assert sorted(closed) == sorted(host.name for host in cluster.hosts)
    assert not set(before) & set(cluster.runs())


def test_a_rebooted_host_brings_its_member_back(cluster: Living) -> None:
    host = cluster.hosts[-1]
    before, sessions = run_of(host), cluster.sessions()
    host.reboot()
    cluster.wait_healthy()
    assert run_of(host) != before
    assert cluster.sessions() == sessions


def test_writes_go_on_without_the_leader_s_host_and_it_returns(cluster: Living) -> None:
    lost = cluster.leader()
    left = [host for host in cluster.hosts if host is not lost]
    lost.power_off()
    cluster.wait_healthy(*left)
    for number in range(3):
        assert cluster.etcdctl("put", f"without/{number}", lost.name, hosts=left) == "OK\n"
    lost.power_on()
    lost.wait_ready()
    cluster.wait_healthy()
    read = ("get", "--prefix", "without/", "--print-value-only")
    assert cluster.etcdctl(*read, hosts=[lost]) == f"{lost.name}\n" * 3


def test_a_power_cut_of_all_hosts_loses_nothing(cluster: Living) -> None:
    cluster.etcdctl("put", "cut", "short")
    for host in cluster.hosts:
        host.power_off()
    for host in cluster.hosts:
        host.power_on()
    for host in cluster.hosts:
        host.wait_ready()
    cluster.wait_healthy()
    assert cluster.etcdctl("get", "cut", "--print-value-only") == "short\n"


def test_destroy_leaves_what_the_stack_file_says(cluster: Living) -> None:
    cluster.etcdctl("put", "last", KEPT)
    output = cluster.stack.destroy().ok().output
    assert all(run_of(host) == (0, 0) for host in cluster.hosts)
    for host in cluster.hosts:
        if cluster.wiped:
            assert left_over(cluster.fresh[host.name], disk(host)) == {}
        else:
            assert_only_data_is_kept(host, output)
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


def assert_only_data_is_kept(host: Host, output: str) -> None:
    (kept,) = set(re.findall(rf"{host.name}: stopped, data kept in (\S+)", output))
    folder = host.files() / kept.lstrip("/")
    assert any(KEPT.encode() in log.read_bytes() for log in folder.glob("member/wal/*.wal"))
    owner = host.inside(f"stat -c %U:%G:%a {kept}; id -un etcd").ok().stdout
    assert owner == "etcd:etcd:700\netcd\n"
    assert not (host.files() / "var/lib/etcd/data").exists()
    services = "/etc/systemd/system /etc/init.d /etc/conf.d /etc/runlevels /etc/logrotate.d /run"
    left = "/etc/etcd /etc/profile.d/etcdctl.sh /opt/etcd /usr/local/bin/etcdctl"
    assert host.inside(f"find {services} -name '*etcd*' 2>/dev/null").stdout == ""
    assert host.inside(f"ls -d {left} 2>/dev/null").stdout == ""
    # A pipe in /run would keep grep -r waiting.
    grep = "-type f -exec grep -lE 'BEGIN .*PRIVATE KEY' '{}' +"
    keys = host.inside(f"find /etc /var /opt /root /home /tmp /run {grep}").stdout
    assert keys == "/etc/ssh/ssh_host_ed25519_key\n"
