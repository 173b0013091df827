"""A cluster of two architectures: each node takes the binaries that it can run."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.hosts.hosts import Hosts
from lab.hosts.images import BUILD_LIMIT_S
from lab.hosts.stack import host_stack
from lab.releases import real_release, serving

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ELF_MACHINE = slice(18, 20)
X86_64, AARCH64 = b"\x3e\x00", b"\xb7\x00"


# It builds the emulated image where that is not at hand, which no other test wants.
@pytest.mark.timeout(BUILD_LIMIT_S + 900)
def test_two_architectures_in_one_cluster(hosts: Hosts, tmp_path: Path) -> None:
    machines = [*hosts.start("etcd1", "etcd2"), *hosts.start("etcd3", image="openrc-arm64")]
    releases = {name: real_release(architecture=name) for name in ("amd64", "arm64")}
    with serving(releases["amd64"].path.parent, hosts.network.controller) as server:
        stack = host_stack(
            tmp_path,
            machines,
            tuning="pi",
            install={
                "method": "release",
                "url": server.template,
                "sha256": {name: release.sha256 for name, release in releases.items()},
            },
        )
        stack.up().ok()
    asked = sorted(Path(path).name for path, _ in server.asked)
    assert asked == [releases[name].path.name for name in ("amd64", "amd64", "arm64")]
    binaries = [host.files() / "opt/etcd/3.6.16/etcd" for host in machines]
    found = [binary.open("rb").read(20)[ELF_MACHINE] for binary in binaries]
    assert found == [X86_64, X86_64, AARCH64]
    assert machines[2].ssh("uname -m").stdout.strip() == "aarch64"
    assert stack.etcdctl("endpoint", "health").count("is healthy") == 3
    # The emulated member takes writes like any other.
    stack.etcdctl("put", "a", "b")
    only = f"--endpoints=https://{machines[2].address}:2379"
    assert stack.etcdctl(only, "get", "a").split() == ["a", "b"]
    stack.destroy().ok()
