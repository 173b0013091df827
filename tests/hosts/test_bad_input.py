"""Whatever is wrong with machines or with what the stack file says of them: all of it is told at
once, with the node's name and what to do, no machine is half made, and the next `up` goes on.

Each test leaves the hosts as it found them, so that the last one can make a cluster of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from lab.hosts.bad_input import (
    account,
    architecture,
    clock_off,
    data_of_another_cluster,
    full,
    somebodys,
    stranger,
    without,
)
from lab.hosts.host import make_key
from lab.hosts.hosts import Hosts
from lab.hosts.stack import host_stack
from lab.ops_run import ops
from lab.releases import real_release, serving
from tests.hosts.trial import STATE, Trial

pytestmark = pytest.mark.slow

RELEASE = real_release()
# It comes before a node is looked at.
SENT = f"/var/tmp/etcd-cluster-{RELEASE.sha256}.tar.gz"
NO_SHA256 = "0" * 64


@pytest.fixture(scope="module")
def trial(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    machines = hosts.start("etcd1", "etcd2")
    machines += hosts.start("etcd3", image="openrc", userland="busybox")
    return Trial(hosts, host_stack(tmp_path_factory.mktemp("stack"), machines), machines)


def reason(told: str, node: str) -> list[str]:
    """Line by line why a node's first command has failed."""
    blocks = [block.splitlines() for block in told.split("\n\n") if f"(node {node})" in block]
    ((title, *lines),) = blocks
    assert title.endswith(" failed while creating:")
    return [line.strip() for line in lines]


@pytest.mark.soak
def test_a_node_that_is_named_twice(trial: Trial) -> None:
    trial.write()
    text = trial.stack.stack_file.read_text()
    assert "      etcd3:" in text
    trial.stack.stack_file.write_text(text.replace("      etcd3:", "      etcd2:"))
    told = trial.refused()
    assert told.startswith("stacks/Pulumi.t.yaml cannot be read: ")
    assert "the key `etcd2` is there twice, first in line " in told


@pytest.mark.soak
def test_machines_that_let_nobody_in(trial: Trial, tmp_path: Path) -> None:
    nobody = str(trial.hosts.network.subnet[200])
    trial.write(
        etcd1={"host_key": make_key(tmp_path / "other")},
        etcd2={"ssh": {"user": "stranger", "sudo": True}},
        etcd3={"address": nobody, "ssh": {"dial_attempts": 2, "dial_timeout_s": 1}},
    )
    sessions = [host.sessions() for host in trial.machines]
    told = trial.refused()
    plainly = trial.refused_by_the_engine()
    assert [host.sessions() for host in trial.machines] == sessions
    dialled_twice = f"after 1 failed attempts: dial tcp {nobody}:22: "
    for node, found, to_do, in_its_own_words in (
        ("etcd1", "another host key", "etcd-cluster host-keys etcd1 --stack t`", "key mismatch"),
        ("etcd2", "it refuses the login", "ssh.user", "ssh: unable to authenticate"),
        ("etcd3", "nobody answers there", "look whether it is on", dialled_twice),
    ):
        lines = reason(told, node)
        assert found in lines[0]
        assert lines[1].startswith("to do: ")
        assert to_do in lines[1]
        assert in_its_own_words in lines[2]
        assert re.search(rf"\(t-{node}-clock\):\n    error: .*{in_its_own_words}", plainly)


@pytest.mark.soak
def test_users_who_may_not_become_root(trial: Trial) -> None:
    trial.write(
        etcd1={"ssh": {"user": "plain", "sudo": True}},
        etcd2={"ssh": {"user": "plain", "doas": True}},
        etcd3={"ssh": {"user": "admin", "sudo": True}},
    )
    with without(trial.machines[2], "/usr/bin/sudo"):
        told = trial.refused()
    for node, found, to_do in (
        ("etcd1", "may not become root by sudo without a password", "NOPASSWD: ALL"),
        ("etcd2", "may not become root by doas without a password", "permit nopass"),
        ("etcd3", "that is to give the rights of root is not on the machine", "install it there"),
    ):
        lines = reason(told, node)
        assert found in lines[0]
        assert to_do in lines[1]


@pytest.mark.soak
def test_a_full_disk_at_the_first_step_and_a_port_without_sshd(trial: Trial) -> None:
    trial.write(etcd2={"ssh": {"port": 2222}})
    systemd, _, busybox = trial.machines
    with full(systemd, STATE), full(busybox, STATE):
        told = trial.refused()
    for host in (systemd, busybox):
        (line,) = reason(told, host.name)
        assert line.startswith(f"what was sent could not be unpacked in {STATE}/work: tar: ")
        assert line.endswith("No space left on device")
    assert "no SSH server listens at that port" in reason(told, "etcd2")[0]


@pytest.mark.soak
def test_clocks_that_are_a_day_off_and_no_lock(trial: Trial) -> None:
    trial.write()
    ahead, behind, lockless = trial.machines
    with clock_off(ahead, 1), clock_off(behind, -1), without(lockless, "/usr/bin/flock"):
        told = trial.refused()
    (line,) = reason(told, "etcd1")
    assert "etcd1: its clock is 24 hours ahead of the clock of the machine that runs" in line
    assert "timedatectl set-ntp true" in line
    (line,) = reason(told, "etcd2")
    assert re.match(r"etcd2: its clock is 2[34] hours behind the clock of the machine", line)
    (line,) = reason(told, "etcd3")
    assert line == "the command flock is missing; install the package that has it"


UNFIT = {
    "etcd1": (
        "the command setfacl is missing; install the package acl, or set key_access: owner",
        "{address}:2379 is already taken by another program; stop it, or choose other ports",
        "/var/lib/etcd/data has 0 MiB of free disk, 2560 MiB are needed; make room, or set another",
        "unsupported architecture armv7l: etcd runs on amd64, arm64, ppc64le and s390x",
        "/etc/etcd/pki was not made by this project; move it away, or set another folder",
        "not prepared: 5 problem(s), nothing was changed",
    ),
    "etcd2": (
        "the command nft is missing; install the package nftables, or set another firewall",
        "the user etcd is there with uid 700, the stack file asks for 1501; set user.uid: 700, or",
        "/var/lib/etcd/data holds an etcd data folder that this stack did not make; move it away",
        "not prepared: 3 problem(s), nothing was changed",
    ),
    "etcd3": (
        "the command firewall-cmd is missing; install the package firewalld, or set another",
        "/opt/etcd has 0 MiB of free disk, 256 MiB are needed; make room, or set another folder",
        "/opt/etcd holds files that this project did not make, full among them; move them",
        "/var/lib/etcd/data holds an etcd data folder that was made over http; files cannot take",
        "not prepared: 4 problem(s), nothing was changed",
    ),
}


@pytest.mark.soak
def test_machines_that_are_not_fit(trial: Trial, tmp_path: Path) -> None:
    trial.write(
        etcd1={"key_access": "acl"},
        etcd2={"firewall": "nftables", "user": {"uid": 1501}},
        etcd3={"firewall": "firewalld"},
    )
    with unfit(trial, tmp_path):
        told = trial.refused(SENT)
        plainly = trial.refused_by_the_engine()
    for host in trial.machines:
        lines = reason(told, host.name)
        for line, beginning in zip(lines, UNFIT[host.name], strict=True):
            said = f"{host.name}: {beginning.format(address=host.address)}"
            assert line.startswith(said)
            assert f"\n    error: {said}" in plainly
    # What is to be done about data over http takes more than a word.
    assert "etcdctl snapshot save" in told


@contextmanager
def unfit(trial: Trial, folder: Path) -> Iterator[None]:
    """Hosts that are wrong in every way there is; they must not touch what is somebody else's."""
    etcd1, etcd2, etcd3 = trial.machines
    (folder / "pki").mkdir()
    (folder / "pki" / "ca.crt").write_text("somebody's")
    ways = (
        without(etcd1, "/usr/bin/setfacl"),
        architecture(etcd1, "armv7l"),
        stranger(etcd1, 2379),
        somebodys(etcd1, "/etc/etcd/pki", folder / "pki"),
        full(etcd1, "/var/lib/etcd"),
        without(etcd2, "/usr/sbin/nft"),
        account(etcd2, "etcd", 700),
        somebodys(etcd2, "/var/lib/etcd/data", data_of_another_cluster(folder, "https")),
        somebodys(etcd3, "/var/lib/etcd/data", data_of_another_cluster(folder, "http")),
        full(etcd3, "/opt/etcd"),
    )
    with ExitStack() as all_ways:
        for way in ways:
            all_ways.enter_context(way)
        yield


@pytest.mark.soak
def test_another_archive_than_the_pinned_one_for_all(trial: Trial) -> None:
    pinned = trial.stack.spec["install"]
    trial.write()
    trial.stack.change(install={**pinned, "sha256": {"amd64": NO_SHA256}})
    sessions = [host.sessions() for host in trial.machines]
    told = trial.refused()
    trial.stack.change(install=pinned)
    assert [host.sessions() for host in trial.machines] == sessions
    assert "the etcd archive could not be fetched: " in told
    assert f"its sha256 is {RELEASE.sha256}, wanted is {NO_SHA256}; look what that" in told


@pytest.mark.soak
def test_another_archive_than_the_pinned_one_for_a_node(trial: Trial) -> None:
    wronged, *others = trial.machines
    with serving(RELEASE.path.parent, trial.hosts.network.controller) as server:
        release = {"method": "release", "url": server.template, "sha256": {"amd64": NO_SHA256}}
        trial.write(etcd1={"install": release})
        told = trial.refused(among=(wronged,))
        (line,) = reason(told, "etcd1")
        address = f"{server.url}/{RELEASE.path.name}"
    assert line.startswith(f"etcd1: {address} is not the pinned file: its sha256 is ")
    assert line.endswith(
        f"wanted is {NO_SHA256}; look what that address serves, or what install.sha256 says"
    )
    for host in others:
        assert host.inside("pidof etcd").stdout == ""


@pytest.mark.soak
def test_an_address_that_was_wrong_at_first(trial: Trial) -> None:
    """The engine has noted it, before anybody was dialled, as what the cluster is founded with; no
    member starts with what the stack file does not say any more."""
    trial.write()
    refused = trial.stack.up()
    assert refused.status != 0
    nobody, meant = trial.hosts.network.subnet[200], trial.machines[2].address
    assert re.search(f"founded with .*{nobody}.*, the stack file names .*{meant}", refused.output)
    urn = re.search("[Oo]nly if none was ever started, .* --target-replace '(.*)'", refused.output)
    assert urn, refused.output
    assert [host.inside("pidof etcd").stdout for host in trial.machines] == [""] * 3
    trial.stack.up("--target-replace", urn[1]).ok()


@pytest.mark.soak
def test_mended_they_become_a_cluster(trial: Trial) -> None:
    trial.write()
    ops(trial.stack, "up").ok()
    assert trial.stack.etcdctl("endpoint", "health").count("is healthy") == 3
