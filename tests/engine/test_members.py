"""Nodes that come into the stack file and go out of it, on the real engine."""

from __future__ import annotations

import json
import os
import shutil
import signal
from typing import Any

import pytest

from lab.stack import EtcdStack

# tests/journeys replaces a machine in make test; this one also looks at what the state knows.
pytestmark = [pytest.mark.slow, pytest.mark.soak]


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


def test_a_machine_that_was_never_there_gets_no_command_until_it_is(running: EtcdStack) -> None:
    without = running.spec["nodes"]
    address = f"{without['etcd1']['address'].rpartition('.')[0]}.5"
    running.change(nodes={**without, "etcd5": {"address": address, "reachable": False}})
    running.up().ok()
    assert not running.node_folder("etcd5").exists(), "a command has run there"
    running.up("--expect-no-changes").ok()
    running.change(nodes={**without, "etcd5": {"address": address}})
    running.up().ok()
    assert members(running) == {*without, "etcd5"}
    running.change(nodes=without)
    running.up().ok()
    assert members(running) == set(without)
