"""Machines over ssh: what a good stack file gives, and every mistake that only they can have."""

from __future__ import annotations

from typing import Any

import pytest

from components.spec import NodeSettings, load, warnings_of
from components.spec.values.host_key import COMMAND
from components.spec.values.releases import URL, published_sha256
from tests.spec.machines import REMOTE, SHA256, host_key, remote
from tests.spec.stack_files import assert_named, changed, problems_of, take_example, the_problem

_ECDSA = (
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7o"
    "pKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg="
)


def node_of(*changes: tuple[str, Any]) -> NodeSettings:
    return load(remote(*changes)).node("etcd1")


def test_defaults_over_ssh() -> None:
    node = node_of()
    assert (node.transport, node.runtime, node.key_access) == ("ssh", "systemd", "owner")
    assert node.host_key == host_key(1)
    ssh = node.ssh
    assert (ssh.user, ssh.host, ssh.port, ssh.agent) == ("root", "10.0.0.11", 22, True)
    assert (ssh.sudo, ssh.doas, ssh.private_key, ssh.jump) == (False, False, None, None)
    assert (ssh.dial_attempts, ssh.dial_timeout_s) == (3, 5)
    user = node.user
    assert (user.name, user.group, user.uid, user.gid) == ("etcd", "etcd", None, None)
    assert (user.home, user.shell) == ("/var/lib/etcd", "/bin/false")
    assert node.paths.model_dump() == {
        "config": "/etc/etcd",
        "data": "/var/lib/etcd/data",
        "binaries": "/opt/etcd",
        "state": "/var/lib/etcd-cluster",
        "log": "/var/log/etcd",
    }
    assert (node.firewall.backend, node.firewall.clients) == ("none", ())
    assert (node.shell_profile, node.architecture) == (None, None)
    install = node.install
    assert (install.method, install.url, install.directory) == ("release", URL, "")
    assert install.sha256 == SHA256
    assert node_of(("version", "3.6.14"), ("install", ...)).install.sha256 == published_sha256(
        "3.6.14"
    )
    assert warnings_of(load(REMOTE)) == ()


def test_defaults_of_a_local_node() -> None:
    node = load(changed(("runtime", ...))).node("etcd1")
    assert (node.runtime, node.host_key) == ("supervisor", "")
    install = node.install
    assert (install.method, install.directory) == ("preinstalled", ".toolchain/etcd")
    assert (install.url, install.sha256) == ("", {})


def test_a_nodes_machine_settings_lie_over_the_clusters_field_by_field() -> None:
    node = node_of(
        ("version", "3.6.14"),
        ("ssh", {"user": "ops", "sudo": True, "agent": True, "port": 2222}),
        ("nodes.etcd1.ssh", {"host": "bastion.example.org", "port": 2201}),
        ("user", {"uid": 1501, "gid": 1501}),
        ("nodes.etcd1.user", {"name": "etcd1", "uid": 1502}),
        ("paths", {"data": "/srv/etcd", "log": "/srv/log"}),
        ("nodes.etcd1.paths", {"data": "/ssd/etcd"}),
        ("firewall", {"backend": "firewalld", "clients": ["10.0.0.0/8"]}),
        ("nodes.etcd1.firewall", "nftables"),
        ("install", {"method": "push", "sha256": {"amd64": "A" * 64}}),
        ("nodes.etcd1.install", {"url": "file:///srv/etcd-{version}-{architecture}.tar.gz"}),
    )
    ssh = node.ssh
    assert (ssh.user, ssh.sudo, ssh.host, ssh.port) == ("ops", True, "bastion.example.org", 2201)
    user = node.user
    assert (user.name, user.group, user.uid, user.gid) == ("etcd1", "etcd1", 1502, 1501)
    assert (node.paths.data, node.paths.log) == ("/ssd/etcd", "/srv/log")
    assert (node.firewall.backend, node.firewall.clients) == ("nftables", ("10.0.0.0/8",))
    assert node.install.url == "file:///srv/etcd-{version}-{architecture}.tar.gz"
    assert node.install.sha256 == {**published_sha256("3.6.14"), "amd64": "a" * 64}
    assert node.architecture == "amd64"


def test_a_jump_host_is_logged_in_to_as_the_node_is_unless_it_says_otherwise() -> None:
    jump = {"host": "jump.example.org", "host_key": host_key(9)}
    found = node_of(("ssh.jump", jump)).ssh.jump
    assert found
    assert (found.user, found.port, found.agent, found.host_key) == ("root", 22, True, host_key(9))
    assert node_of(("ssh.jump", jump), ("nodes.etcd1.ssh", {"jump": "none"})).ssh.jump is None


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("nodes.etcd1.host_key", f"{host_key(7)} root@etcd1", host_key(7)),
        ("nodes.etcd1.host_key", _ECDSA, _ECDSA),
        ("paths.data", "/srv//etcd/", "/srv/etcd"),
        ("ssh.host", "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_values_take_one_form(path: str, value: str, expected: str) -> None:
    steps = path.removeprefix("nodes.etcd1.").split(".")
    single = {"etcd1": REMOTE["nodes"]["etcd1"]}
    found: Any = node_of(("nodes", single), (path, value))
    for step in steps:
        found = getattr(found, step)
    assert found == expected


def test_networks_take_one_form() -> None:
    clients = ["10.0.0.0/8", "192.168.1.7", "2001:DB8::/32"]
    firewall = node_of(("firewall", {"backend": "nftables", "clients": clients})).firewall
    assert firewall.clients == ("10.0.0.0/8", "192.168.1.7/32", "2001:db8::/32")


JUMP = {"host": "jump.example.org", "host_key": host_key(9)}
SUM = "0" * 64
FIREWALL = {"backend": "nftables"}

# (changes, path below cluster, part of the reason, part of the remedy)
Case = tuple[list[tuple[str, Any]], str, str, str]
CASES: list[Case] = [
    # transports and runtimes
    ([("runtime", "supervisor")], "runtime", "does not go with transport ssh", "systemd"),
    (
        [("nodes.etcd2.runtime", "supervisor")],
        "nodes.etcd2.runtime",
        "systemd and openrc do",
        "systemd",
    ),
    ([("runtime", "runit")], "runtime", "'systemd', 'openrc', 'supervisor' or 'pod'", "systemd"),
    # host keys
    ([("nodes.etcd2.host_key", ...)], "nodes.etcd2.host_key", "is missing", COMMAND),
    ([("nodes.etcd2.host_key", "AAAA")], "nodes.etcd2.host_key", "no public key", COMMAND),
    (
        [("nodes.etcd2.host_key", host_key(2)[:-8])],
        "nodes.etcd2.host_key",
        "no whole ssh-ed25519 key",
        COMMAND,
    ),
    (
        [("nodes.etcd2.host_key", host_key(2, size=31))],
        "nodes.etcd2.host_key",
        "no whole ssh-ed25519 key",
        COMMAND,
    ),
    (
        [("nodes.etcd2.host_key", host_key(2).replace("ssh-ed25519", "ecdsa-sha2-nistp256"))],
        "nodes.etcd2.host_key",
        "no whole ecdsa-sha2-nistp256 key",
        COMMAND,
    ),
    (
        [("nodes.etcd2.host_key", "ssh-rsa AAAAB3NzaC1yc2E=")],
        "nodes.etcd2.host_key",
        "RSA",
        "ed25519",
    ),
    (
        [("nodes.etcd2.host_key", f"{host_key(2)}\n{host_key(3)}")],
        "nodes.etcd2.host_key",
        "more than one line",
        COMMAND,
    ),
    (
        [("nodes.etcd2.host_key", f"10.0.0.12 {host_key(2)}")],
        "nodes.etcd2.host_key",
        "name in front",
        f"`{host_key(2)}`",
    ),
    (
        [("nodes.etcd2.host_key", "-----BEGIN OPENSSH PRIVATE KEY-----")],
        "nodes.etcd2.host_key",
        "is a private key",
        COMMAND,
    ),
    ([("host_key", host_key(1))], "host_key", "each node's own", "nodes.<name>.host_key"),
    (
        [("ssh.jump", {"host": "jump.example.org"})],
        "ssh.jump.host_key",
        "is missing",
        COMMAND,
    ),
    # logins
    ([("ssh", ...)], "ssh.private_key", "no way to log in", "`agent: true` beside it"),
    (
        [("nodes.etcd2.ssh", {"agent": False})],
        "nodes.etcd2.ssh.private_key",
        "no way to log in",
        "cluster.nodes.etcd2.ssh.private_key < FILE",
    ),
    ([("ssh.user", "ops")], "ssh.user", "has not the rights", "`sudo: true` or `doas: true`"),
    ([("nodes.etcd2.ssh", {"user": "ops"})], "nodes.etcd2.ssh.user", "not the rights", "sudo"),
    (
        [("ssh", {"agent": True, "sudo": True, "doas": True})],
        "ssh.doas",
        "both true",
        "false",
    ),
    (
        [("ssh.doas", True), ("nodes.etcd2.ssh", {"sudo": True})],
        "nodes.etcd2.ssh.sudo",
        "both true",
        "false",
    ),
    ([("ssh.user", "a b")], "ssh.user", "no name that sshd knows", "root"),
    ([("ssh.host", "ops@10.0.0.11")], "ssh.host", "neither an IP address", "etcd1.example.org"),
    ([("ssh.host", "10.0.0.11:22")], "ssh.host", "neither an IP address", "etcd1.example.org"),
    ([("ssh.dial_attempts", 0)], "ssh.dial_attempts", "less than 1", "3"),
    ([("ssh.dial_timeout_s", "5s")], "ssh.dial_timeout_s", "no whole number", "5"),
    ([("ssh.agent", "yes")], "ssh.agent", "neither true nor false", "true"),
    ([("ssh.jump", {**JUMP, "host": "a b"})], "ssh.jump.host", "neither an IP", "etcd1.example"),
    (
        [("ssh.private_key_password", "x")],
        "ssh.private_key_password",
        "belongs to a private key",
        "remove it",
    ),
    # machines
    (
        [("nodes.etcd2.ssh", {"host": "10.0.0.11"})],
        "nodes.etcd2.ssh.host",
        "etcd1 is reached at 10.0.0.11 port 22 already",
        "a machine of its own",
    ),
    (
        [("ssh.host", "bastion.example.org")],
        "ssh.host",
        "etcd1 is reached at bastion.example.org port 22 already",
        "a machine of its own",
    ),
    (
        [
            *(("nodes.etcd2.address", "10.0.0.11"), ("nodes.etcd2.client_port", 3379)),
            ("nodes.etcd2.peer_port", 3380),
        ],
        "nodes.etcd2.address",
        "etcd1 is reached at 10.0.0.11 port 22 already",
        "a machine of its own",
    ),
    ([("nodes.etcd2.address", "10.0.0.11")], "nodes.etcd2.address", "listens on", "of its own"),
    ([("nodes.etcd2.address", "127.0.0.1")], "nodes.etcd2.address", "loopback", "the others reach"),
    # users
    ([("user", {"uid": 0})], "user.uid", "less than 1", "1501"),
    ([("user", {"gid": 65534})], "user.gid", "more than 65533", "1501"),
    ([("user", {"name": "Etcd"})], "user.name", "no name of a user", "etcd"),
    ([("user", {"name": "etcd user"})], "user.name", "no name of a user", "etcd"),
    ([("user", {"name": "root"})], "user.name", "no rights of root", "etcd"),
    ([("user", {"group": "root"})], "user.group", "no rights of root", "etcd"),
    ([("user", {"home": "var/lib/etcd"})], "user.home", "not absolute", "/srv/etcd"),
    ([("user", {"home": "/"})], "user.home", "belongs to the whole machine", "/srv/etcd"),
    ([("user", {"shell": "false"})], "user.shell", "not absolute", "absolute path"),
    ([("key_access", "group")], "key_access", "'owner' or 'acl'", "owner"),
    ([("shell_profile", {"group": "9ops"})], "shell_profile.group", "no name of a user", "etcd"),
    ([("shell_profile", {})], "shell_profile.group", "is missing", "etcd-operators"),
    # folders
    ([("paths", {"data": "srv/etcd"})], "paths.data", "not absolute", "/srv/etcd"),
    ([("paths", {"data": "/srv/my etcd"})], "paths.data", "other characters", "/srv/etcd"),
    ([("paths", {"data": "/srv/%i"})], "paths.data", "other characters", "/srv/etcd"),
    ([("paths", {"data": "/srv/$HOME"})], "paths.data", "other characters", "/srv/etcd"),
    ([("paths", {"data": "/srv/../etc"})], "paths.data", "through . or ..", "/srv/etcd"),
    ([("paths", {"data": "/var/lib/"})], "paths.data", "the whole machine", "/srv/etcd"),
    ([("paths", {"data": "/tmp/etcd"})], "paths.data", "emptied by the machine", "/srv/etcd"),
    ([("paths", {"state": "/run/etcd"})], "paths.state", "emptied by the machine", "/srv/etcd"),
    ([("paths", {"config": "/home/etcd"})], "paths.config", "among people's folders", "/srv/etcd"),
    ([("paths", {"binaries": "/root/etcd"})], "paths.binaries", "among people's", "/srv/etcd"),
    ([("paths", {"data": "/etc/etcd"})], "paths.data", "is also cluster.paths.config", "own"),
    ([("paths", {"data": "/etc/etcd/d"})], "paths.data", "lies in cluster.paths.config", "own"),
    ([("paths", {"log": "/var/lib"})], "paths.log", "the whole machine", "/srv/etcd"),
    (
        [("paths", {"log": "/var/lib/etcd"})],
        "paths.log",
        "has in it cluster.paths.data",
        "of its own",
    ),
    (
        [("paths", {"config": "/srv/a", "data": "/srv/a/b"})],
        "paths.data",
        "lies in cluster.paths.config (/srv/a)",
        "of its own",
    ),
    (
        [("paths", {"log": "/srv/log"}), ("nodes.etcd2.paths", {"data": "/srv/log"})],
        "nodes.etcd2.paths.data",
        "is also cluster.paths.log",
        "of its own",
    ),
    # firewalls
    ([("firewall", "ufw")], "firewall", "none, nftables, iptables, firewalld are", "nftables"),
    ([("firewall", {"backend": "pf"})], "firewall.backend", "not known", "nftables"),
    (
        [("firewall", {"clients": ["10.0.0.0/8"]})],
        "firewall.clients",
        "the backend is none",
        "remove it",
    ),
    (
        [("firewall", {**FIREWALL, "clients": ["10.0.0.1/8"]})],
        "firewall.clients[0]",
        "an address inside a network",
        "10.0.0.0/8",
    ),
    (
        [("firewall", {**FIREWALL, "clients": ["10.0.0.0/33"]})],
        "firewall.clients[0]",
        "neither a network",
        "10.0.0.0/8",
    ),
    (
        [("firewall", {**FIREWALL, "clients": "10.0.0.0/8"})],
        "firewall.clients",
        "single value",
        "10.0.0.0/8",
    ),
    (
        [("firewall", {**FIREWALL, "clients": ["office.example.org"]})],
        "firewall.clients[0]",
        "neither a network",
        "10.0.0.0/8",
    ),
    # ways to install
    ([("install", {"method": "curl"})], "install.method", "not known", "release"),
    ([("install", {"method": None})], "install.method", "nothing after", "remove it, or"),
    (
        [("install", {"method": "preinstalled"})],
        "install.directory",
        "is missing, and over ssh has no default",
        "/srv/etcd-releases",
    ),
    (
        [("install", {"method": "preinstalled", "directory": "bin"})],
        "install.directory",
        "not absolute",
        "/srv/etcd-releases",
    ),
    (
        [("install", {"method": "preinstalled", "directory": "/opt/etcd"})],
        "install.directory",
        "is also cluster.paths.binaries",
        "of its own",
    ),
    ([("install.directory", "/x")], "install.directory", "for preinstalled", "remove it"),
    (
        [("install", {"method": "package", "url": URL})],
        "install.url",
        "for release and push",
        "remove it",
    ),
    (
        [("install", {"method": "package", "sha256": {"amd64": SUM}})],
        "install.sha256",
        "for release and push",
        "remove it",
    ),
    ([("install", {"url": "ftp://a/b"})], "install.url", "no http, https or file URL", "https"),
    ([("install", {"url": "https:///b"})], "install.url", "names no host", "https"),
    ([("install", {"url": "https://h/{arch}"})], "install.url", "placeholder {arch}", "https"),
    ([("install", {"url": "https://h/{version"})], "install.url", "is left open", "https"),
    ([("install", {"url": "https://h/{}"})], "install.url", "placeholder {}", "https"),
    ([("install", {"url": "https://h/a b"})], "install.url", "a space", "https"),
    ([("install", {"url": "https://h/$(id)"})], "install.url", "belongs in no URL", "https"),
    ([("install", {"url": "https://u:pw@h/x"})], "install.url", "holds a password", "https"),
    ([("install.url", "file:///x")], "install.url", "the node itself fetches", "push"),
    ([("install", {"sha256": {"amd64": "12"}})], "install.sha256.amd64", "64 hex", "SHA256SUMS"),
    ([("install", {"sha256": {"x86_64": SUM}})], "install.sha256.x86_64", "not known", "amd64"),
    ([("architecture", "x86_64")], "architecture", "not known", "amd64"),
    (
        [("architecture", "s390x")],
        "install.sha256",
        "holds none for etcd-v3.6.16-linux-s390x.tar.gz",
        "give install.sha256 for s390x",
    ),
    (
        [("nodes.etcd2.architecture", "s390x"), ("nodes.etcd2.install", {"method": "push"})],
        "install.sha256",
        "holds none for etcd-v3.6.16-linux-s390x.tar.gz",
        "give install.sha256 for s390x",
    ),
    ([("install", ...)], "install.sha256", "etcd-v3.6.16-linux-amd64", "v3.6.16/SHA256SUMS"),
    # the port of the login
    (
        [("peer_port", 22)],
        "peer_port",
        "port by which etcd1 is logged in to: cluster.ssh.port",
        "2380",
    ),
    ([("metrics", {"port": 22})], "metrics.port", "is logged in to: cluster.ssh.port", "2381"),
    (
        [("nodes.etcd2.client_port", 2222), ("nodes.etcd2.ssh", {"port": 2222})],
        "nodes.etcd2.client_port",
        "is logged in to: cluster.nodes.etcd2.ssh.port",
        "2379",
    ),
    ([("ssh.port", 2379)], "ssh.port", "etcd of etcd1 listens: cluster.client_port", "22"),
    # what local nodes have no use for, and ssh nodes
    ([("root", ".dev/nodes")], "root", "for local nodes", "remove it"),
    ([("nodes.etcd2.root", "x")], "nodes.etcd2.root", "for local nodes", "remove it"),
]


@pytest.mark.parametrize(("changes", "path", "reason", "remedy"), CASES)
def test_a_mistake_is_named(
    changes: list[tuple[str, Any]], path: str, reason: str, remedy: str
) -> None:
    assert_named(remote(*changes), path, reason, remedy)


@pytest.mark.parametrize("changes", [case[0] for case in CASES])
def test_a_remedy_that_is_a_value_is_accepted(changes: list[tuple[str, Any]]) -> None:
    raw = remote(*changes)
    problem = the_problem(raw)
    if problem.example is None or problem.path.endswith("x86_64"):
        return
    take_example(raw, problem)
    again = {(each.path, each.reason) for each in problems_of(raw)}
    assert (problem.path, problem.reason) not in again


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ssh", {"agent": True}),
        ("user", {"name": "etcd"}),
        ("key_access", "owner"),
        ("paths", {"data": "/srv/etcd"}),
        ("firewall", "nftables"),
        ("firewall", {"backend": "none", "clients": ["10.0.0.0/8"]}),
        ("shell_profile", {"group": "ops"}),
        ("nodes.etcd2.host_key", host_key(2)),
    ],
)
def test_a_local_node_has_no_use_for_a_machines_settings(path: str, value: object) -> None:
    places = {path, path.replace("nodes.etcd2.", "")}
    for place in (path, *({f"nodes.etcd2.{path}"} if len(places) == 1 else ())):
        (problem,) = problems_of(changed((place, value)))
        assert problem.path == f"cluster.{place}"
        assert "for machines reached over ssh" in problem.reason


def test_a_password_in_a_url_is_not_repeated() -> None:
    (problem,) = problems_of(remote(("install", {"url": "https://u:hunter2@h/x"})))
    assert "hunter2" not in str(problem)


def test_what_one_node_uses_may_stand_for_all() -> None:
    local = {"address": "10.0.0.13", "transport": "local"}
    machine = [
        ("user", {"uid": 1501}),
        ("firewall", "nftables"),
        ("root", ".dev/nodes"),
        ("install", {"url": URL, "sha256": SHA256, "directory": "bin"}),
    ]
    mixed = remote(*machine, ("nodes.etcd3", local))
    assert problems_of(mixed) == ()
    node = load(mixed).node("etcd3")
    assert (node.runtime, node.install.method, node.install.directory) == (
        "supervisor",
        "preinstalled",
        "bin",
    )
    mixed["runtime"] = "systemd"
    assert [problem.path for problem in problems_of(mixed)] == ["cluster.nodes.etcd3.runtime"]


def test_a_lone_member_may_serve_its_own_machine_only() -> None:
    nodes = {"etcd1": {"address": "127.0.0.1", "host_key": host_key(1), "ssh": {"host": "k3s"}}}
    assert problems_of(remote(("nodes", nodes))) == ()


def test_several_sshds_behind_one_address_are_several_machines() -> None:
    ports = [(f"nodes.etcd{n}.ssh", {"port": 2200 + n}) for n in (1, 2, 3)]
    assert problems_of(remote(("ssh.host", "bastion.example.org"), *ports)) == ()


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ([("nodes.etcd2.host_key", host_key(1))], "etcd2 has the host key of etcd1"),
        ([("ssh.sudo", True)], "etcd1: root logs in"),
        ([("firewall", "nftables")], "etcd1: firewall.clients is empty"),
        ([("firewall", {**FIREWALL, "clients": ["0.0.0.0/0"]})], "has 0.0.0.0/0: everybody"),
        ([("firewall", {**FIREWALL, "clients": ["::/0"]})], "has ::/0: everybody"),
    ],
)
def test_warnings(changes: list[tuple[str, Any]], warning: str) -> None:
    warnings = warnings_of(load(remote(*changes)))
    assert any(warning in each for each in warnings), warnings


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        # nothing is asked of a node whose transport is refused
        ([("nodes.etcd2.transport", "telnet"), ("nodes.etcd2.host_key", ...)],
         ["nodes.etcd2.transport"]),
        # no rights are missed where the way to get them is refused
        ([("ssh.user", "ops"), ("ssh.sudo", "yes")], ["ssh.sudo"]),
        ([("ssh", {"agent": "yes"})], ["ssh.agent"]),
        # a checksum is not missed of a version, an architecture or a sum that is refused
        ([("version", "3.4.1")], ["version"]),
        ([("architecture", "s390")], ["architecture"]),
        ([("architecture", "s390x"), ("install", {"sha256": {"s390x": "1"}})],
         ["install.sha256.s390x"]),
        # settings of a method that is refused are not judged
        ([("install", {"method": "curl", "directory": "/x", "url": URL})], ["install.method"]),
        ([("firewall", {"backend": "pf", "clients": ["10.0.0.0/8"]})], ["firewall.backend"]),
        ([("paths", {"data": "x", "log": "/var/lib/etcd/data"})], ["paths.data"]),
        # nor is a port of a login that is refused, or of none
        ([("peer_port", 22), ("ssh.port", "22")], ["ssh.port"]),
        # but one mistake hides no other
        ([("nodes.etcd1.host_key", ...), ("nodes.etcd2.host_key", "x"), ("user", {"uid": 0})],
         ["nodes.etcd1.host_key", "nodes.etcd2.host_key", "user.uid"]),
    ],
)  # fmt: skip
def test_a_mistake_does_not_cause_another(
    changes: list[tuple[str, object]], paths: list[str]
) -> None:
    found = sorted(problem.path for problem in problems_of(remote(*changes)))
    assert found == sorted(f"cluster.{path}" for path in paths)
