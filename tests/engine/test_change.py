"""Changes of a living cluster."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.etcd_stack import EtcdStack, started_at
from tests.support.watch import Watch
from tests.support.writer import Writer

pytestmark = pytest.mark.slow


@pytest.fixture
def writer(running: EtcdStack) -> Iterator[Writer]:
    if not shutil.which("go"):
        pytest.skip("the writer is built with Go, which is not here")
    writer = Writer(running)
    yield writer
    writer.stop()


def test_a_changed_flag_restarts_one_by_one_without_losing_a_write(
    running: EtcdStack, writer: Writer
) -> None:
    before = running.pids()
    running.change(flags={"max-txn-ops": 256})
    with Watch(lambda: down(running)) as watch:
        changed = running.up().ok()
    report = writer.report()
    assert max(len(names) for names in watch.seen) == 1, watch.seen
    assert [names for names in watch.seen if names] == [("etcd1",), ("etcd2",), ("etcd3",)]
    assert [node for node, pid in running.pids().items() if pid == before[node]] == []
    assert (report["failed"], report["lost"]) == (0, 0), report
    assert report["writes"] > 200
    assert "3 updated" in changed.output or "4 updated" in changed.output
    for node in running.spec["nodes"]:
        env = (running.node_folder(node) / "etc" / "etcd.env").read_text()
        assert "ETCD_MAX_TXN_OPS='256'" in env


def down(stack: EtcdStack) -> tuple[str, ...]:
    """The nodes whose etcd process is not there."""
    return tuple(n for n, pid in stack.pids().items() if not Path(f"/proc/{pid}/exe").exists())


def test_a_flag_that_etcd_refuses_costs_one_member_a_restart_and_goes_back(
    running: EtcdStack,
) -> None:
    before = running.pids()
    good = running.spec.get("flags", {})
    running.change(flags={"cipher-suites": ["NO_SUCH_SUITE"]})
    refused = running.up()
    assert refused.status != 0
    assert 'unexpected TLS cipher suite "NO_SUCH_SUITE"' in refused.output
    assert "runs again on its former files" in refused.output
    after = running.pids()
    assert after["etcd1"] != before["etcd1"]
    assert (after["etcd2"], after["etcd3"]) == (before["etcd2"], before["etcd3"])
    assert running.etcdctl("endpoint", "health", "--cluster") is not None
    running.change(flags=good)
    running.up().ok()
    assert running.pids() == after


def test_a_leaf_in_its_renewal_window_is_served_anew_without_a_restart(
    running: EtcdStack,
) -> None:
    runs = {node: (pid, started_at(pid)) for node, pid in running.pids().items()}
    served = {node: serial(running, node) for node in runs}
    bring_into_renewal_window(running, "t-authority-node-etcd2-server")
    renewed = running.up().ok()
    assert "t-authority-node-etcd2-server" in renewed.output
    assert {node: (pid, started_at(pid)) for node, pid in running.pids().items()} == runs
    now_served = {node: serial(running, node) for node in runs}
    assert [node for node in runs if now_served[node] != served[node]] == ["etcd2"]
    running.up("--expect-no-changes").ok()


def serial(stack: EtcdStack, node: str) -> str:
    """The serial number of the certificate that a member shows in a handshake."""
    flags = dict(flag.removeprefix("--").split("=", 1) for flag in stack.client_files())
    context = ssl.create_default_context(cafile=flags["cacert"])
    context.load_cert_chain(flags["cert"], flags["key"])
    address = stack.spec["nodes"][node]["address"]
    with socket.create_connection((address, 2379), timeout=5) as plain:
        with context.wrap_socket(plain, server_hostname=address) as secure:
            certificate = secure.getpeercert()
    assert certificate
    return str(certificate["serialNumber"])


def bring_into_renewal_window(stack: EtcdStack, certificate: str) -> None:
    """As time would: the state says that the certificate ends tomorrow."""
    state = json.loads(stack.run("stack", "export").ok().output)
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


def test_a_killed_member_comes_back_by_itself(running: EtcdStack) -> None:
    running.etcdctl("put", "kept", "yes")
    victim = running.pids()["etcd2"]
    os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while running.pids()["etcd2"] == victim:
        assert time.monotonic() < deadline, "etcd2 did not come back"
        time.sleep(0.2)
    endpoint = f"https://{running.spec['nodes']['etcd2']['address']}:2379"
    flags = ["--endpoints", endpoint]
    while True:
        try:
            assert running.etcdctl("get", "kept", *flags) == "kept\nyes\n"
            break
        except AssertionError:
            assert time.monotonic() < deadline
            time.sleep(0.5)
