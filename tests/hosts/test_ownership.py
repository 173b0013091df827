"""Each host holds its own keys only, for etcd alone to read; nothing else ever shows one."""

from __future__ import annotations

import base64
import re
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_spec, node_of
from lab.stack import EtcdStack
from lab.watchers.leaks import Keys, texts_of
from lab.watchers.sampling import Sampler, Sight, all_running, watched_files, watched_processes
from tests.support.record import Record, note_what_is_left, recorded_stack

# tests/engine/test_secrets looks for keys too, on this machine alone.
pytestmark = [pytest.mark.slow, pytest.mark.soak]

# How each host is reached, and how its keys are opened to etcd.
NODES: dict[str, dict[str, Any]] = {
    "owner": {"shell_profile": {"group": "operators"}},
    "acl": {"key_access": "acl", "ssh": {"user": "admin", "sudo": True}},
    "busybox": {"ssh": {"user": "doer", "doas": True}},
}
PLACES = (
    *("up", "event log", "state", "engine's logs", "logs of the hosts", "stack file"),
    *("processes", "temporary files"),
)
ROLES = ("server", "peer", "maintenance")
TEMPORARY = ("tmp", "var/tmp", "dev/shm", "run", "root", "home")
# Programs and archives of them.
LARGE_BYTES = 4 << 20
VALUE = "a value that only etcd and its clients may see"


@dataclass(frozen=True)
class Life:
    """`keys` are the cluster's, by the names that its state has for them; all hosts are younger
    than `since` (Unix time in seconds)."""

    hosts: list[Host]
    record: Record
    keys: dict[str, Keys]
    since: float


@pytest.fixture(scope="module")
def life(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """A creation, a rolling change, and one that etcd refuses."""
    since = time.time()
    machines = hosts.start("owner", "acl")
    machines += hosts.start("busybox", image="openrc", userland="busybox")
    nodes = {host.name: {**node_of(host), **NODES[host.name]} for host in machines}
    stack = recorded_stack(tmp_path_factory.mktemp("stack"), **host_spec(machines, nodes=nodes))
    keep_login_key(stack, hosts.login_key)
    record = Record(stack, Keys.of([hosts.login_key.read_text()]))
    samplers = samplers_of(stack, machines)
    with all_running(*samplers.values()):
        record.up()
        stack.etcdctl("put", "key", VALUE)
        stack.change(flags={"max-txn-ops": 256})
        record.up("--json")
        stack.change(flags={"cipher-suites": ["NO_SUCH_SUITE"]})
        record.up()
    record.learn_keys()
    note_what_is_left(record, samplers)
    for host in machines:
        record.note("logs of the hosts", host.name, (host.journal() + host.console()).encode())
        record.files("logs of the hosts", host.files() / "var/log/etcd")
    record.note("stack file", stack.stack_file.name, stack.stack_file.read_bytes())
    return Life(machines, record, keys_of(stack), since)


def keep_login_key(stack: EtcdStack, key: Path) -> None:
    """As a person does it: from its file into the stack file, encrypted."""
    path = "etcd-cluster:cluster.ssh.private_key"
    subprocess.run(
        ["pulumi", "config", "set", "--secret", "--path", path],
        input=key.read_text(),
        text=True,
        cwd=stack.folder,
        env=stack.environment,
        check=True,
    )
    stack.spec = yaml.safe_load(stack.stack_file.read_text())["config"]["etcd-cluster:cluster"]


def samplers_of(stack: EtcdStack, machines: Iterable[Host]) -> dict[str, Sampler]:
    """The processes of the hosts are this machine's too."""
    roots = [root_of(host) for host in machines]
    here = stack.folder.parent / "tmp"
    temporary = [here, *(root / folder for root in roots for folder in TEMPORARY)]
    ours = [root / folder for root in roots for folder in ("etc/etcd", "var/lib/etcd-cluster")]
    return {
        "processes": watched_processes(),
        "temporary files": watched_files(*temporary, largest_bytes=LARGE_BYTES),
        "files of the hosts": watched_files(*ours, largest_bytes=LARGE_BYTES),
    }


def root_of(host: Host) -> Path:
    """The host's root as its own processes see it, with what it keeps in memory."""
    return Path(f"/proc/{host.leader()}/root")


def keys_of(stack: EtcdStack) -> dict[str, Keys]:
    state = stack.document("stack", "export", "--show-secrets")
    return {
        resource["urn"].rpartition("::")[2]: Keys.of(texts_of(resource["outputs"]))
        for resource in state["deployment"]["resources"]
        if resource["type"] == "tls:index/privateKey:PrivateKey"
    }


def test_each_host_holds_its_own_keys_and_no_other(life: Life) -> None:
    assert len(life.keys) == 3 * len(ROLES) + 2 + 1
    for host in life.hosts:
        own = {f"{role}.key": f"t-authority-node-{host.name}-{role}" for role in ROLES}
        if "shell_profile" in NODES[host.name]:
            own["operator.key"] = "t-authority-consumer-operator"
        assert places_of_keys(life, host) == {
            (f"/etc/etcd/generations/ID/pki/{file}", key) for file, key in own.items()
        }


def places_of_keys(life: Life, host: Host) -> set[tuple[str, str]]:
    """Where on the host each key of the cluster is, or that of its login."""
    login = {"login": Keys.of([host.login_key.read_text()])}
    root = root_of(host)
    found = set()
    for path, content in written(root, life.since):
        place = re.sub(r"(/generations/)[0-9a-f]+", r"\1ID", path.removeprefix(str(root)))
        found |= {
            (place, name) for name, keys in (life.keys | login).items() if holds(content, keys)
        }
    return found


def written(root: Path, since: float) -> Iterator[Sight]:
    """All files of a host that are not its image's."""
    folders = [path for path in root.iterdir() if path.name not in ("proc", "sys")]
    while folders:
        path = folders.pop()
        if path.is_symlink():
            continue
        if path.is_dir():
            folders += path.iterdir()
        elif path.is_file() and path.lstat().st_ctime >= since:
            yield str(path), path.read_bytes().rstrip(b"\0")


def holds(content: bytes, keys: Keys) -> bool:
    """Large files are etcd's data and programs, where nothing is wrapped in anything."""
    if len(content) > LARGE_BYTES:
        return any(needle in content for needle in keys.needles)
    return keys.shown_in(content) != []


def test_keys_are_for_etcd_alone_to_read(life: Life) -> None:
    owner, acl, busybox = (modes_of(host) for host in life.hosts)
    for of_host in (owner, busybox):
        assert [of_host[f"{role}.key"] for role in ROLES] == ["600 etcd:etcd"] * 3
    assert owner["operator.key"] == "640 root:operators"
    # The group's bits are the mask of the list.
    assert [acl[f"{role}.key"] for role in ROLES] == ["640 root:root"] * 3
    for of_host in (owner, acl, busybox):
        assert {mode for file, mode in of_host.items() if file.endswith(".pem")} == {
            "644 root:root"
        }
        assert of_host["data"] == of_host["log"] == "700 etcd:etcd"
        assert of_host["state"] == "700 root:root"


def modes_of(host: Host) -> dict[str, str]:
    """Mode and owner of what lies in `pki`, and of the folders."""
    folders = {
        "/var/lib/etcd/data": "data",
        "/var/log/etcd": "log",
        "/var/lib/etcd-cluster": "state",
    }
    stat = f"stat -c '%n %a %U:%G' /etc/etcd/pki/* {' '.join(folders)}"
    lines = [line.split(" ", 1) for line in host.inside(stat).ok().stdout.splitlines()]
    return {folders.get(path, Path(path).name): mode for path, mode in lines}


def test_an_access_list_names_etcd_and_nobody_else(life: Life) -> None:
    host = next(host for host in life.hosts if host.name == "acl")
    for role in ROLES:
        listed = host.inside(f"getfacl -cp /etc/etcd/pki/{role}.key").ok().stdout.split()
        assert listed == ["user::rw-", "user:etcd:r--", "group::---", "mask::r--", "other::---"]


def test_who_has_no_rights_reads_nothing_secret(life: Life) -> None:
    for host in life.hosts:
        read = readable(host, "plain")
        assert b"BEGIN CERTIFICATE" in read, "it was there"
        assert life.record.keys.shown_in(read) == []
        assert VALUE.encode() not in read
        assert VALUE.encode() in readable(host, "root"), "the value is there to be found"


def readable(host: Host, user: str) -> bytes:
    """All that the user reads of what is younger than the host, programs aside."""
    walk = (
        "{ find / /run /tmp /dev/shm -xdev -path /opt -prune -o -type f -newer /etc/hostname"
        " -exec cat '{}' +; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline; } 2>/dev/null"
        " | tr -s '\\000' | base64"
    )
    return base64.b64decode(host.ssh(walk, user=user).ok().stdout)


@pytest.mark.parametrize("place", PLACES)
def test_no_key_shows_in(life: Life, place: str) -> None:
    assert life.record.leaks(place) == []


def test_keys_on_their_way_are_root_s_or_etcd_s_alone(life: Life) -> None:
    seen = life.record.shown["files of the hosts"]
    held = [place for place, content in seen if b"PRIVATE" in content]
    assert any("/var/lib/etcd-cluster/work/files/pki/" in place for place in held)
    with_list = f"0640 {root_of(life.hosts[1])}/"
    assert [place for place in held if not place.startswith(("0600 ", with_list))] == [
        place for place in held if re.match("0640 .*/operator.key$", place)
    ]


def test_the_record_is_complete(life: Life) -> None:
    said = {kind: b"".join(content for _, content in life.record.shown[kind]) for kind in PLACES}
    assert b"NO_SUCH_SUITE" in said["up"]
    assert b"diagnosticEvent" in said["event log"]
    assert b"ciphertext" in said["state"]
    assert b"secure:" in said["stack file"]
    assert said["engine's logs"]
    for words in (b"ready to serve client requests", b"Accepted publickey", b"sudo", b"doas"):
        assert words in said["logs of the hosts"], words
    for program in (
        b"etcdctl\0",
        b"/etc/etcd/bin/etcd\0",
        b"main.sh\0apply",
        b"pulumi\0up",
        b"sudo\0",
        b"doas\0",
    ):
        assert program in said["processes"], program
    assert "payload" in life.record.keys.needles.values()
