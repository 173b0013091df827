"""Changes of a living cluster."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from lab.client.beside import writing
from lab.needs import needs
from lab.stack import LAYOUT, EtcdStack, started_at
from lab.watchers.watch import Watch

pytestmark = [pytest.mark.slow, pytest.mark.soak]


@pytest.fixture
def in_memory(make_stack: Callable[..., EtcdStack]) -> Iterator[EtcdStack]:
    """A running stack on a disk that answers at once: raft drops what arrives in the instant of a
    leader's handover, and that instant is as long as the disk is slow. `bench` measures on the
    real disk."""
    with TemporaryDirectory(dir="/dev/shm") as folder:
        stack = make_stack(spec={"root": folder})
        stack.up().ok()
        yield stack
        stack.destroy()


@pytest.mark.alone
@needs("go")
@pytest.mark.skipif(not LAYOUT.etcd("3.7.3").exists(), reason="`make etcds` gets it")
def test_another_minor_and_back_goes_one_by_one_and_loses_no_write(in_memory: EtcdStack) -> None:
    versions = ("3.7.3", "3.6.16", "3.7.3")
    assert_kept([changed_under_load(in_memory, version=version) for version in versions])
    assert (in_memory.node_folder("etcd1") / "state/snapshots/before-3.7.3.db").exists()


def assert_kept(reports: list[dict[str, Any]]) -> None:
    """No write is lost in any change, and in one of them none fails."""
    for report in reports:
        assert report["lost"] == 0, report
        assert report["writes"] > 200, report
        # Two handovers at the most in a change, and four workers that may be hit by each.
        assert report["failed"] <= 8, report
    assert min(report["failed"] for report in reports) == 0, reports


def changed_under_load(stack: EtcdStack, **change: Any) -> dict[str, Any]:
    """Changes the spec while 200 writes a second go on, and looks at every member all the time."""
    before = stack.pids()
    with writing(stack) as client:
        stack.change(**change)
        with Watch(stack.down) as watch:
            stack.up().ok()
        report = client.report()
    assert [names for names in watch.seen if names] == [("etcd1",), ("etcd2",), ("etcd3",)]
    assert [node for node, pid in stack.pids().items() if pid == before[node]] == []
    return report


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdStack]:
    """One cluster for the tests that follow, in their order."""
    stack = EtcdStack(tmp_path_factory.mktemp("living")).create()
    try:
        stack.up().ok()
        yield stack
    finally:
        stack.remove()


@pytest.mark.promise("rotation-without-outage", "dev")
@pytest.mark.promise("refusal-touches-nothing", "dev")
def test_a_rotation_step_left_out_is_refused_and_touches_nobody(living: EtcdStack) -> None:
    before = living.pids()
    clients = living.client_files()
    living.change(pki={"signing": 2})  # nobody trusts generation 2 yet
    previewed = living.run("preview")
    assert previewed.status != 0
    assert "because it is protected" in previewed.output
    refused = living.up()  # without a preview
    assert refused.status != 0
    assert "from signing=1 trusted=1 to signing=2 trusted=2" in refused.output
    assert "this member and etcd2 etcd3 would not trust each other" in refused.output
    assert living.pids() == before
    health = ["etcdctl", *clients, "endpoint", "health"]
    subprocess.run(health, env=living.environment, check=True, timeout=30)
    # Generation 2 was made and is protected, as whatever is to sign.
    living.run("state", "unprotect", "--all", "--yes").ok()
    living.change(pki={})
    living.up().ok()
    assert living.pids() == before


def test_a_leaf_in_its_renewal_window_is_served_anew_without_a_restart(
    living: EtcdStack,
) -> None:
    runs = {node: (pid, started_at(pid)) for node, pid in living.pids().items()}
    served = {node: serial(living, node) for node in runs}
    bring_into_renewal_window(living, "t-authority-node-etcd2-server")
    renewed = living.up().ok()
    assert "t-authority-node-etcd2-server" in renewed.output
    assert {node: (pid, started_at(pid)) for node, pid in living.pids().items()} == runs
    now_served = {node: serial(living, node) for node in runs}
    assert [node for node in runs if now_served[node] != served[node]] == ["etcd2"]
    living.up("--expect-no-changes").ok()


def serial(stack: EtcdStack, node: str) -> str:
    """The serial number of the certificate that a member shows in a handshake."""
    flags = dict(flag.removeprefix("--").split("=", 1) for flag in stack.client_files())
    context = ssl.create_default_context(cafile=flags["cacert"])
    context.load_cert_chain(flags["cert"], flags["key"])
    address = stack.spec["nodes"][node]["address"]
    with (
        socket.create_connection((address, 2379), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=address) as secure,
    ):
        certificate = secure.getpeercert()
    assert certificate
    return str(certificate["serialNumber"])


def bring_into_renewal_window(stack: EtcdStack, certificate: str) -> None:
    """As time would: the state says that the certificate ends tomorrow."""
    state = stack.document("stack", "export")
    (resource,) = [
        r
        for r in state["deployment"]["resources"]
        if r["type"].endswith("LocallySignedCert") and r["urn"].endswith(f"::{certificate}")
    ]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    resource["outputs"]["validityEndTime"] = tomorrow.strftime("%Y-%m-%dT%H:%M:%SZ")
    file = stack.folder / "state.json"
    file.write_text(json.dumps(state))
    stack.run("stack", "import", "--file", str(file)).ok()


def test_a_killed_member_comes_back_by_itself(living: EtcdStack) -> None:
    living.etcdctl("put", "kept", "yes")
    victim = living.pids()["etcd2"]
    os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while living.pids()["etcd2"] == victim:
        assert time.monotonic() < deadline, "etcd2 did not come back"
        time.sleep(0.2)
    endpoint = f"https://{living.spec['nodes']['etcd2']['address']}:2379"
    flags = ["--endpoints", endpoint]
    while True:
        try:
            assert living.etcdctl("get", "kept", *flags) == "kept\nyes\n"
            break
        except AssertionError:
            assert time.monotonic() < deadline
            time.sleep(0.5)


def test_a_member_moves_to_another_address(living: EtcdStack) -> None:
    others = {name: living.pids()[name] for name in ("etcd1", "etcd2")}
    network = living.spec["nodes"]["etcd1"]["address"].rpartition(".")[0]
    living.change(nodes={**living.spec["nodes"], "etcd3": {"address": f"{network}.33"}})
    living.up().ok()
    assert f"https://{network}.33:2380" in living.etcdctl("member", "list")
    assert living.etcdctl("endpoint", "health").count("is healthy") == 3
    assert {name: living.pids()[name] for name in others} == others
