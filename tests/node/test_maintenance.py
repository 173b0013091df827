"""Databases that are written anew, that are full, or that differ: real members on loopback."""

from __future__ import annotations

import json
import ssl
import urllib.request
from pathlib import Path

import pytest

from tests.node.asking import etcdctl, is_healthy, leader, make_leader
from tests.node.machine import VERSION, Done, Machine
from tests.node.processes import environment
from tests.node.program import Plan
from tests.node.test_node_changes import CHANGE
from tests.support.shells import DASH

pytestmark = pytest.mark.slow

OCCASION = {"maintenance": {"defragment": "2026-11-26"}}
SMALL = {"quota_mib": 16}
MIB = 1024 * 1024
VALUE = "x" * MIB


def size_mib(machine: Machine, node: str) -> float:
    return (machine.root(node) / "data/member/snap/db").stat().st_size / MIB


def fill(machine: Machine, values: int, node: str = "etcd1") -> bool:
    """Overwrites one key: all but the last are old revisions. False once no more is taken."""
    return all(
        etcdctl(machine, node, "put", "large", stdin=VALUE).returncode == 0 for _ in range(values)
    )


def revision(machine: Machine) -> str:
    told = etcdctl(machine, "etcd1", "get", "large", "--keys-only", "--write-out=json").stdout
    return str(json.loads(told)["header"]["revision"])


def alarms(machine: Machine) -> str:
    return etcdctl(machine, machine.node_names[0], "alarm", "list").stdout


def raise_corrupt(machine: Machine, node: str) -> None:
    """As etcd itself does when it finds that a member's data differs."""
    pki = machine.root(node) / "etc" / "pki"
    url = f"https://{machine.address(node)}:2379"
    told = etcdctl(machine, node, "endpoint", "status", "--write-out=json").stdout
    member = json.loads(told)[0]["Status"]["header"]["member_id"]
    context = ssl.create_default_context(cafile=str(pki / "ca.pem"))
    context.load_cert_chain(pki / "maintenance.pem", pki / "maintenance.key")
    body = {"action": "ACTIVATE", "memberID": str(member), "alarm": "CORRUPT"}
    request = urllib.request.Request(f"{url}/v3/maintenance/alarm", json.dumps(body).encode())
    with urllib.request.urlopen(request, context=context, timeout=10) as answer:
        assert answer.status == 200


def full(machine: Machine) -> Plan:
    """A cluster that takes no more writes: nothing in it but revisions of one key."""
    plan = machine.plan(**SMALL)
    machine.up("create", plan)["health"].ok()
    assert not fill(machine, 20)
    assert "NOSPACE" in alarms(machine)
    return plan


def take_turn(machine: Machine, plan: Plan, node: str) -> Done:
    """One member's change: no other one is touched."""
    before = machine.starts()
    done = machine.run(plan.commands[f"{node}-apply"], "update").ok()
    now = machine.starts()
    assert now[node] != before[node]
    assert {**now, node: None} == {**before, node: None}
    assert is_healthy(machine, node)
    return done


@pytest.mark.soak
def test_a_new_label_gives_room_back_one_member_after_the_other(machine):
    machine.found()
    assert fill(machine, 20)
    etcdctl(machine, "etcd1", "compact", "--physical", revision(machine))
    make_leader(machine, "etcd1")
    plan = machine.plan(**OCCASION)
    for node, leading in [("etcd1", "etcd3"), ("etcd2", "etcd3"), ("etcd3", "etcd1")]:
        before = size_mib(machine, node)
        done = take_turn(machine, plan, node)
        assert "defragmented, " in done.output
        assert done.output.endswith(f"{node}: restarted\n")
        assert size_mib(machine, node) < before / 5
        assert leader(machine) == leading, "it was no leader when its turn came"
    assert "revisions" not in done.output, "history is dropped of a full database only"
    assert machine.run(plan.commands["health"], "update").ok()
    starts = machine.starts()
    machine.up("update", plan)["health"].ok()
    for settings in ({}, OCCASION):
        machine.up("update", machine.plan(**settings))["health"].ok()
    assert machine.starts() == starts, "the same label does nothing again"
    assert etcdctl(machine, "etcd1", "get", "large").stdout == f"large\n{VALUE}\n"


@pytest.mark.soak
@DASH
def test_a_new_database_has_nothing_to_give_back(single):
    done = single.up("create", single.plan(**OCCASION))
    assert done["etcd1-apply"].output == "etcd1: started\n"
    assert done["health"].ok()
    done = single.up("update", single.plan(**OCCASION))
    assert done["etcd1-apply"].output == "etcd1: unchanged\n"


@pytest.mark.soak
@DASH
def test_a_member_that_is_down_is_defragmented_before_it_starts(single):
    single.found()
    single.kill_node("etcd1")
    done = single.up("update", single.plan(**OCCASION))
    assert "defragmented, " in done["etcd1-apply"].ok().output
    assert done["etcd1-apply"].output.endswith("etcd1: started\n")
    assert done["health"].ok()


@pytest.mark.soak
@DASH
def test_a_member_that_cannot_be_defragmented_runs_and_says_so(single, tmp_path):
    single.found()
    no_space = tmp_path / "no_space"
    no_space.mkdir()
    real = next(p for p in map(Path, single.shell.path.split(":")) if (p / "timeout").exists())
    (no_space / "timeout").write_text(
        '#!/bin/sh\ncase $* in *etcdutl*) echo "no space left" >&2; exit 1 ;; esac\n'
        f'exec "{real}/timeout" "$@"\n'
    )
    (no_space / "timeout").chmod(0o755)
    command = single.plan(**OCCASION).commands["etcd1-apply"]
    single.run(command, "update", first_on_path=no_space).failed(
        "error: etcd1: runs, but was not defragmented: no space left"
    )
    assert is_healthy(single, "etcd1")
    done = single.run(command, "update").ok()
    assert "defragmented, " in done.output


@pytest.mark.soak
@DASH
def test_a_full_cluster_takes_writes_again_once_its_quota_is_raised(machine):
    full(machine)
    done = machine.up("update", machine.plan(**SMALL, **CHANGE))["health"]
    done.failed(
        "error: etcd1: the database is full and etcd takes no writes (alarm NOSPACE): etcd",
        " MiB and needs less than 14; raise quota_mib, or delete keys and set maintenance.d",
    )
    assert done.errors.count("\n") == 1
    assert "NOSPACE" in alarms(machine)
    done = machine.up("update", machine.plan(quota_mib=64, **CHANGE))
    assert "etcd1: there is room again: alarm NOSPACE disarmed\n" in done["health"].ok().output
    assert alarms(machine) == ""
    assert fill(machine, 10)


@pytest.mark.soak
def test_a_full_cluster_takes_writes_again_once_it_is_defragmented(machine):
    full(machine)
    done = machine.up("update", machine.plan(**SMALL, **OCCASION))
    assert "etcd1: revisions before " in done["etcd1-apply"].output
    for node in machine.node_names:
        assert f"{node}: defragmented, " in done[f"{node}-apply"].ok().output
        assert size_mib(machine, node) < 3
    assert "alarm NOSPACE disarmed" in done["health"].ok().output
    assert fill(machine, 5)


@DASH
def test_nothing_goes_on_while_a_members_data_differs(machine):
    machine.found()
    raise_corrupt(machine, "etcd2")
    pid = machine.pid("etcd1")
    done = machine.up("update", machine.plan(**CHANGE))["etcd1-apply"]
    done.failed(
        "error: etcd1: not restarted: the data of etcd2 differs from the others' (alarm CORRUPT)"
    )
    assert machine.pid("etcd1") == pid
    plan = machine.plan()
    machine.run(plan.commands["health"], "update").failed(
        "error: etcd1: the cluster is not healthy: the data of etcd2 differs"
    )
    assert "CORRUPT" in alarms(machine), "it is nobody's to disarm but a person's"


@pytest.mark.soak
@DASH
def test_another_compaction_reaches_one_member_after_the_other(machine):
    machine.found()
    plan = machine.plan(compaction={"mode": "revision", "retention": 1234})
    for node in machine.node_names:
        take_turn(machine, plan, node)
        now = environment(machine.pid(node))
        assert now["ETCD_AUTO_COMPACTION_MODE"] == "revision"
        assert now["ETCD_AUTO_COMPACTION_RETENTION"] == "1234"
    machine.run(plan.commands["health"], "update").ok()


def test_a_machine_that_is_prepared_again_gets_back_what_it_lost_and_restarts_nobody(single):
    single.found()
    programs = single.root("etcd1") / "bin" / VERSION
    scripts = single.root("etcd1") / "state" / "scripts.tar.gz"
    starts = single.starts()
    programs.rename(programs.with_name("gone"))
    scripts.unlink()

    plan = single.plan(maintenance={"prepare": "2026-11-30"})
    single.run(plan.commands["etcd1-prepare"], "update").ok()
    assert (programs / "etcdctl").exists()
    again = single.run(plan.commands["etcd1-apply"], "update").ok()
    assert "unchanged" in again.output
    assert single.starts() == starts
