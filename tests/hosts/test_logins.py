"""Every way to log in and to become root, in one cluster: three hosts, each reached otherwise."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_stack, node_of
from lab.stack import EtcdStack

pytestmark = [pytest.mark.slow, pytest.mark.soak]

PASSWORD = "of the key, and of nothing else"


def encrypted(key: Path, folder: Path) -> str:
    """The same key, opened by a password only."""
    copy = folder / "encrypted"
    shutil.copy(key, copy)
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", PASSWORD, "-f", copy], check=True)
    return copy.read_text()


@pytest.fixture
def agent(hosts: Hosts, tmp_path: Path) -> Iterator[str]:
    """The socket of an agent that holds the key."""
    socket = str(tmp_path / "agent")
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    try:
        while not os.path.exists(socket):
            assert process.poll() is None
        subprocess.run(
            ["ssh-add", "-q", hosts.login_key],
            env={**os.environ, "SSH_AUTH_SOCK": socket},
            check=True,
        )
        yield socket
    finally:
        process.terminate()
        process.wait()


def logins(host: Host) -> set[tuple[str, str]]:
    """Who has logged in, and from which address."""
    log = (host.files() / "var" / "log" / "sshd.log").read_text()
    words = [line.split() for line in log.splitlines() if line.startswith("Accepted ")]
    return {(line[3], line[5]) for line in words}


@pytest.fixture
def machines(hosts: Hosts) -> list[Host]:
    """One with systemd, one with OpenRC and busybox, one behind the first."""
    systemd = hosts.start("etcd1", "etcd3")
    return [systemd[0], *hosts.start("etcd2", image="openrc", userland="busybox"), systemd[1]]


def stack_of(machines: list[Host], folder: Path, socket: str) -> EtcdStack:
    by_sudo = machines[0]
    key = by_sudo.login_key.read_text()
    jump = {
        "host": by_sudo.address,
        "user": "plain",
        "host_key": by_sudo.host_key,
        "private_key": key,
    }
    locked = {"private_key": encrypted(by_sudo.login_key, folder), "private_key_password": PASSWORD}
    ways = {
        "etcd1": {"user": "admin", "sudo": True, **locked},
        "etcd2": {"user": "doer", "doas": True, "agent": True},
        "etcd3": {"private_key": key, "jump": jump},
    }
    nodes = {host.name: {**node_of(host), "ssh": ways[host.name]} for host in machines}
    stack = host_stack(folder / "stack", machines, nodes=nodes, ssh={})
    stack.extra_environment["SSH_AUTH_SOCK"] = socket
    return stack


def test_sudo_doas_a_jump_host_an_agent_and_a_locked_key(
    machines: list[Host], agent: str, tmp_path: Path
) -> None:
    (tmp_path / "stack").mkdir()
    stack = stack_of(machines, tmp_path, agent)
    assert PASSWORD not in stack.up().ok().output
    assert stack.etcdctl("endpoint", "health").count("is healthy") == 3
    by_sudo, by_doas, behind = machines
    controller = "198.18." + by_sudo.address.split(".")[2] + ".1"
    assert logins(by_sudo) == {("admin", controller), ("plain", controller)}
    assert logins(by_doas) == {("doer", controller)}
    assert logins(behind) == {("root", by_sudo.address)}
    stack.destroy().ok()
