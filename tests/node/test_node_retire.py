"""The end of a node."""

from __future__ import annotations

import re

import pytest

from tests.node.processes import processes_below

pytestmark = pytest.mark.slow
WIPE = {"throwaway": True, "on_destroy": "wipe"}


def retire(machine, plan, node):
    return machine.run(plan.commands[f"{node}-prepare"], "delete")


def test_wipe_leaves_nothing(machine):
    plan = machine.found(**WIPE)
    for node in machine.node_names:
        done = retire(machine, plan, node).ok()
        data = machine.root(node) / "data"
        assert done.output == f"{node}: stopped, data in {data} and all else is removed\n"
    assert list(machine.folder.iterdir()) == []
    assert not [w for w in processes_below(machine.folder).values() if "timeout" not in w]


def test_keep_says_where_the_data_is(single):
    plan = single.plan()
    single.up("create", plan)["health"].ok()
    done = retire(single, plan, "etcd1").ok()
    root = single.root("etcd1")
    (kept,) = root.glob("data.retired-*")
    assert re.fullmatch(r"data\.retired-\d{8}T\d{6}Z", kept.name)
    assert (kept / "member" / "wal").is_dir()
    assert f"etcd1: stopped, data kept in {kept}\n" in done.output + done.errors
    assert not (root / "data").exists()
    assert list(root.rglob("*.key")) == []
    assert not [w for w in processes_below(single.folder).values() if "timeout" not in w]


@pytest.mark.soak
def test_a_node_that_never_ran(single):
    plan = single.plan()
    single.run(plan.commands["etcd1-prepare"], "create").ok()
    assert retire(single, plan, "etcd1").ok().output == "etcd1: stopped, it had no data\n"
    assert retire(single, plan, "etcd1").ok(), "again"


@pytest.mark.soak
def test_an_etcd_that_keeps_failing_is_stopped_too(single):
    plan = single.plan(flags={"cipher-suites": ["NOPE"]}, **WIPE)
    single.up("create", plan)["etcd1-apply"].failed("NOPE")
    done = retire(single, plan, "etcd1").ok()
    assert done.seconds < 20
    assert list(single.folder.iterdir()) == []
