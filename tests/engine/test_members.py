"""Nodes that come into the stack file and go out of it, on the real engine."""

from __future__ import annotations

import json
import os
import shutil
import signal
from typing import Any

import pytest

from lab.stack import EtcdStack

pytestmark = pytest.mark.slow


def nodes(stack: EtcdStack, **further: dict[str, Any]) -> dict[str, Any]:
    """etcd1 to etcd4, with what is said `further` of some."""
    network = stack.spec["nodes"]["etcd1"]["address"].rpartition(".")[0]
    names = {f"etcd{n}": {"address": f"{network}.{n}"} for n in (1, 2, 3, 4)}
    return {name: {**node, **further.get(name, {})} for name, node in names.items()}


def members(stack: EtcdStack) -> set[str]:
    """The names of all members; each of them votes."""
    listed = json.loads(stack.etcdctl("member", "list", "--write-out=json"))["members"]
    assert not [member for member in listed if member.get("isLearner")]
    return {member["name"] for member in listed}


def power_off(stack: EtcdStack, node: str) -> None:
    """Ends a node's supervisord and etcd for good, and its disk with them."""
    folder = stack.node_folder(node)
    for kind in ("supervisord", "etcd"):
        os.kill(int((folder / "state" / f"{kind}.pid").read_text()), signal.SIGKILL)
    shutil.rmtree(folder)


def commands_of(stack: EtcdStack, node: str) -> list[str]:
    """The commands that the state knows of a node."""
    resources = json.loads(stack.run("stack", "export").ok().output)["deployment"]["resources"]
    return [r["urn"] for r in resources if f"::t-{node}-" in r["urn"] and ":Command::" in r["urn"]]


def test_a_cluster_grows_and_shrinks(running: EtcdStack) -> None:
    all_four = nodes(running)
    before = running.pids()
    running.change(nodes=all_four)
    running.up().ok()
    assert members(running) == set(all_four)
    running.etcdctl("put", "key", "value")
    left = {name: node for name, node in all_four.items() if name != "etcd1"}
    running.change(nodes=left)
    running.up().ok()
    assert members(running) == set(left)
    assert not running.node_folder("etcd1").exists()
    assert commands_of(running, "etcd1") == []
    assert {name: running.pids()[name] for name in ("etcd2", "etcd3")} == {
        name: before[name] for name in ("etcd2", "etcd3")
    }
    assert running.etcdctl("get", "key", "--print-value-only") == "value\n"
    running.up("--expect-no-changes").ok()


def test_a_dead_machine_is_replaced_and_goes_out_of_the_file_without_a_connection(
    running: EtcdStack,
) -> None:
    known = commands_of(running, "etcd3")
    power_off(running, "etcd3")
    running.change(nodes=nodes(running, etcd3={"reachable": False}))
    running.up().ok()
    assert members(running) == {"etcd1", "etcd2", "etcd4"}
    assert sorted(commands_of(running, "etcd3")) == sorted(known)
    assert not running.node_folder("etcd3").exists(), "a command has run there"
    left = {name: node for name, node in nodes(running).items() if name != "etcd3"}
    running.change(nodes=left)
    running.up().ok()
    assert commands_of(running, "etcd3") == []
    assert not running.node_folder("etcd3").exists(), "a command has run there"
    running.up("--expect-no-changes").ok()


def test_a_member_moves_to_another_address(running: EtcdStack) -> None:
    others = {name: running.pids()[name] for name in ("etcd1", "etcd2")}
    network = running.spec["nodes"]["etcd1"]["address"].rpartition(".")[0]
    running.change(nodes={**running.spec["nodes"], "etcd3": {"address": f"{network}.33"}})
    running.up().ok()
    assert f"https://{network}.33:2380" in running.etcdctl("member", "list")
    assert running.etcdctl("endpoint", "health").count("is healthy") == 3
    assert {name: running.pids()[name] for name in others} == others


@pytest.mark.soak
def test_a_destroyed_stack_leaves_its_members_members(stack: EtcdStack) -> None:
    """Nobody leaves a cluster that goes as a whole: what is kept can be started again."""
    stack.change(on_destroy="keep")
    stack.up().ok()
    stack.etcdctl("put", "key", "value")
    stack.destroy().ok()
    for name in stack.spec["nodes"]:
        (kept,) = stack.node_folder(name).glob("data.retired-*")
        kept.rename(kept.with_name("data"))
    stack.up().ok()
    assert members(stack) == set(stack.spec["nodes"])
    assert stack.etcdctl("get", "key", "--print-value-only") == "value\n"
