"""A failing `make up` says what failed and why, first, and nothing that is no help."""

from __future__ import annotations

import pytest

from lab.ops_run import Shown, ops
from lab.stack import EtcdStack

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


def resources(stack: EtcdStack) -> set[str]:
    """The types of all resources in the state."""
    state = stack.document("stack", "export")
    return {resource["type"] for resource in state["deployment"].get("resources", [])}


@pytest.mark.soak
def test_missing_binaries_also_without_our_command_line(stack: EtcdStack) -> None:
    stack.change(install={"method": "preinstalled", "directory": str(stack.folder / "nowhere")})
    missing = f"{stack.folder}/nowhere/3.6.16/etcd is missing"
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
    complaint = refused(shown, "t-etcd", reason)
    assert "no member was restarted" in complaint
    assert "-apply" not in complaint


@pytest.mark.promise("readable-report", "any")
def test_every_mistake_of_a_stack_file_is_told_at_once_and_nothing_is_made(
    stack: EtcdStack,
) -> None:
    stack.change(
        versoin="3.6.16",
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
