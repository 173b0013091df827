"""From nothing to a cluster, again without change, and away."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.stack import EtcdStack, started_at

pytestmark = pytest.mark.slow


def test_up_gives_a_cluster_that_its_outputs_alone_reach(running: EtcdStack) -> None:
    running.etcdctl("put", "greeting", "hello", consumer="apiserver")
    assert running.etcdctl("get", "greeting") == "greeting\nhello\n"
    health = json.loads(running.etcdctl("endpoint", "health", "--write-out=json"))
    assert [endpoint["health"] for endpoint in health] == [True, True, True]
    members = running.etcdctl("member", "list")
    assert sorted(line.split(", ")[2] for line in members.splitlines()) == [
        "etcd1",
        "etcd2",
        "etcd3",
    ]


def test_a_second_up_changes_nothing_and_restarts_nothing(running: EtcdStack) -> None:
    before = {node: (pid, started_at(pid)) for node, pid in running.pids().items()}
    second = running.up("--expect-no-changes").ok()
    assert "63 unchanged" in second.output
    after = {node: (pid, started_at(pid)) for node, pid in running.pids().items()}
    assert before == after


def test_a_preview_of_an_empty_stack_creates_nothing(stack: EtcdStack) -> None:
    preview = stack.run("preview").ok()
    assert "63 to create" in preview.output
    assert not (stack.folder / ".dev").exists()


def test_a_mistyped_stack_file_is_reported_whole_and_touches_nothing(stack: EtcdStack) -> None:
    stack.change(versoin="3.6.14", election_ms=10, nodes={"etcd1": {"address": "db1.example.org"}})
    refused = stack.up()
    assert refused.status != 0
    for path in ("cluster.versoin", "cluster.election_ms", "cluster.nodes.etcd1.address"):
        assert path in refused.output
    assert "Traceback" not in refused.output
    state = json.loads(stack.run("stack", "export").ok().output)
    assert {r["type"] for r in state["deployment"]["resources"]} == {"pulumi:pulumi:Stack"}
    assert not (stack.folder / ".dev").exists()


def test_destroy_leaves_no_process_and_no_file(running: EtcdStack) -> None:
    pids = running.pids().values()
    running.destroy().ok()
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert list((running.folder / ".dev").iterdir()) == []


def test_destroy_keeps_the_data_of_a_stack_that_does_not_wipe(
    make_stack: Callable[..., EtcdStack],
) -> None:
    stack = make_stack(spec={"on_destroy": "keep"})
    stack.up().ok()
    stack.etcdctl("put", "precious", "yes")
    destroyed = stack.destroy().ok()
    for node in stack.spec["nodes"]:
        kept = list(stack.node_folder(node).glob("data.retired-*/member"))
        assert len(kept) == 1
        assert str(kept[0].parent) in destroyed.output
        assert list(stack.node_folder(node).rglob("*.key")) == []
