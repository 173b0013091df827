"""A failing `make up` says what failed and why, first, and nothing that is no help."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lab.ops_run import Shown, ops
from lab.stack import EtcdStack, started_at

pytestmark = pytest.mark.slow

# Parts of the scripts, of Python's tracebacks and of the engine's own talk.
NOISE = ("Traceback", "KeyboardInterrupt", "base64", "set -eu", "FACTS", "rpc error", "[secret]")


def refused(shown: Shown, resource: str, *reasons: str) -> str:
    """Asserts that it failed at `resource` for `reasons`; gives the complaint."""
    assert shown.status == 1, shown.stdout
    assert_plain(shown.stdout + shown.stderr)
    first, reason = shown.stderr.splitlines()[:2]
    assert first.startswith(resource), shown.stderr
    for expected in reasons:
        assert expected in reason, shown.stderr
    return shown.stderr


def assert_plain(text: str) -> None:
    assert [noise for noise in NOISE if noise in text] == []


def runs(stack: EtcdStack) -> dict[str, tuple[int, int]]:
    return {node: (pid, started_at(pid)) for node, pid in stack.pids().items()}


def resources(stack: EtcdStack) -> set[str]:
    """The types of all resources in the state."""
    state = json.loads(stack.run("stack", "export").ok().output)
    return {resource["type"] for resource in state["deployment"].get("resources", [])}


@pytest.mark.soak
def test_a_port_that_a_stranger_has_taken(stack: EtcdStack) -> None:
    address = stack.spec["nodes"]["etcd2"]["address"]
    with socket.socket() as stranger:
        stranger.bind((address, 2380))
        stranger.listen()
        shown = ops(stack, "up")
    refused(shown, "t-etcd2-prepare (node etcd2) failed", f"{address}:2380 is already taken")
    assert not list(stack.folder.glob(".dev/nodes/*/data/member")), "a member was started"
    ops(stack, "up").ok()


@pytest.mark.soak
def test_missing_binaries_also_without_our_command_line(stack: EtcdStack) -> None:
    stack.change(install={"method": "preinstalled", "directory": str(stack.folder / "nowhere")})
    missing = f"{stack.folder}/nowhere/3.6.14/etcd is missing"
    complaint = refused(ops(stack, "up"), "t-etcd", missing)
    for node in stack.spec["nodes"]:
        assert f"t-{node}-prepare (node {node}) failed while creating:" in complaint
    plain = stack.up()
    assert plain.status != 0
    assert missing in plain.output
    assert "KeyboardInterrupt" not in plain.output
    assert "Traceback" not in plain.output


@pytest.mark.soak
def test_a_flag_that_etcd_refuses_at_its_first_start(stack: EtcdStack) -> None:
    stack.change(flags={"cipher-suites": ["NO_SUCH_SUITE"]})
    shown = ops(stack, "up")
    reason = 'unexpected TLS cipher suite "NO_SUCH_SUITE"'
    complaint = refused(shown, "t-etcd1-apply (node etcd1) failed while creating", reason)
    assert "t-etcd2-apply" not in complaint


@pytest.mark.soak
def test_a_sick_member_blocks_a_rolling_change(running: EtcdStack) -> None:
    before = runs(running)
    running.change(flags={"max-txn-ops": 256})
    with stopped(before["etcd3"][0]):
        shown = ops(running, "up")
    refused(
        shown,
        "t-etcd1-apply (node etcd1) failed while updating",
        "not restarted: etcd3 must be healthy first",
    )
    assert runs(running) == before
    ops(running, "up").ok()
    assert not set(before.values()) & set(runs(running).values())


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A member that holds its sockets and answers nobody."""
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(1)  # the others elect a leader, if it was theirs
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.promise("readable-report", "any")
def test_every_mistake_of_a_stack_file_is_told_at_once_and_nothing_is_made(
    stack: EtcdStack,
) -> None:
    stack.change(
        versoin="3.6.14",
        version="3.4.0",
        election_ms=10,
        flags={"no-such": "x", "name": "mine"},
        nodes={"etcd1": {"address": "db1.example.org"}},
        pki={"lifetimes": {"server": {"validity": "10d", "renew_before": "30d"}}},
    )
    shown = ops(stack, "up")
    assert shown.status == 1
    assert_plain(shown.stdout + shown.stderr)
    first, *lines = shown.stderr.splitlines()
    assert first.endswith("problems in the stack file's `cluster`")
    told = [line.strip().partition(":")[0] for line in lines if line.startswith("  cluster.")]
    for path in (
        "versoin",
        "version",
        "election_ms",
        "flags.name",
        "nodes.etcd1.address",
        "pki.lifetimes.server.renew_before",
    ):
        assert f"cluster.{path}" in told, shown.stderr
    assert first.startswith(f"{len(told)} ")
    assert resources(stack) <= {"pulumi:pulumi:Stack"}
    assert not (stack.folder / ".dev").exists()
