"""Members that join, leave, move, are replaced or come back, with real etcd."""

from __future__ import annotations

import shutil
import time

import pytest

from tests.node.asking import etcdctl, is_healthy, make_leader
from tests.node.engine import Engine, FailedError
from tests.node.machine import Machine
from tests.node.test_node_changes import REFUSED
from tests.support.shells import DASH

# The shell and its tools are used here as elsewhere; busybox has its turn on
# the hosts.
pytestmark = [pytest.mark.slow, DASH]

AWAY = {"reachable": False}
SETTLED_S = 6  # etcd refuses changes of members for five seconds after one was away


@pytest.fixture
def engine(machine: Machine) -> Engine:
    """A cluster of three that holds a value."""
    engine = Engine(machine)
    engine.up()
    put(engine)
    return engine


def put(engine: Engine) -> None:
    assert etcdctl(engine.machine, "etcd1", "put", "key", "value").returncode == 0


def members(engine: Engine, asked: str) -> dict[str, list[str]]:
    """Each member's line of the list, by its name; all must vote."""
    told = etcdctl(engine.machine, asked, "member", "list").stdout
    lines = [line.split(", ") for line in told.splitlines()]
    assert all(fields[1] == "started" and fields[5] == "false" for fields in lines), told
    return {fields[2]: fields for fields in lines}


def assert_members(engine: Engine, *names: str) -> None:
    """These are all, each healthy, and each has what was written."""
    assert set(members(engine, names[0])) == set(names)
    for name in names:
        assert is_healthy(engine.machine, name)
        assert etcdctl(engine.machine, name, "get", "key").stdout == "key\nvalue\n"


def said(engine: Engine, command: str) -> list[str]:
    return engine.ran[command].output.splitlines()


def starts(engine: Engine, *names: str) -> list[int]:
    return [engine.machine.pid(name) for name in names]


@pytest.mark.soak
def test_of_five_one_may_be_away_while_the_others_restart(engine: Engine) -> None:
    numbers = [1, 2, 3, 4, 5]
    engine.up(numbers)
    engine.machine.kill_node("etcd3")
    before = starts(engine, "etcd1", "etcd2")
    time.sleep(1)
    engine.up(numbers, nodes={"etcd3": AWAY}, snapshot_count=20000)
    assert not set(before) & set(starts(engine, "etcd1", "etcd2"))
    assert_all_but(engine, "etcd3", numbers)


def assert_all_but(engine: Engine, away: str, numbers: list[int]) -> None:
    for name in {f"etcd{n}" for n in numbers} - {away}:
        assert is_healthy(engine.machine, name)


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["create", "update"])
def test_a_founder_that_lost_its_disk_comes_back_as_a_new_member(engine: Engine, mode) -> None:
    former = members(engine, "etcd1")["etcd2"][0]
    engine.machine.kill_node("etcd2")
    shutil.rmtree(engine.machine.root("etcd2") / "data" / "member")
    done = engine.machine.run(engine.known["etcd2-apply"], mode).ok()
    assert done.output.splitlines() == [
        "etcd2: removed its old entry from the list of members, as its data is gone",
        "etcd2: joined",
    ]
    assert_members(engine, "etcd1", "etcd2", "etcd3")
    assert members(engine, "etcd1")["etcd2"][0] != former


@pytest.mark.soak
def test_a_member_that_was_removed_meanwhile_joins_anew_and_its_data_is_kept(
    engine: Engine,
) -> None:
    time.sleep(SETTLED_S)
    former = members(engine, "etcd1")["etcd3"][0]
    assert etcdctl(engine.machine, "etcd1", "member", "remove", former).returncode == 0
    done = engine.machine.run(engine.known["etcd3-apply"], "update").ok()
    assert "etcd3: had been removed from the cluster; its data" in done.output
    assert len(list(engine.machine.root("etcd3").glob("data.retired-*"))) == 1
    assert_members(engine, "etcd1", "etcd2", "etcd3")


@pytest.mark.soak
@pytest.mark.promise("refused-start-taken-back", "dev")
@pytest.mark.parametrize("numbers", [(1,), (1, 2, 3)], ids=len)
def test_a_refused_move_goes_back_to_where_it_was(machine: Machine, numbers) -> None:
    engine = Engine(machine, rehearses=False)
    names = [f"etcd{number}" for number in numbers]
    engine.up(numbers)
    put(engine)
    was = members(engine, "etcd1")
    moved = {"etcd1": {"address": f"{machine.network}.31"}}
    with pytest.raises(FailedError) as failed:
        engine.up(numbers, nodes=moved, **REFUSED)
    failed.value.done.failed("runs again on its former files", "NOPE")
    assert members(engine, names[-1]) == was
    assert_members(engine, *names)
    before = starts(engine, *names)
    engine.up(numbers)
    assert starts(engine, *names) == before
    engine.up(numbers, nodes=moved)
    assert f"etcd1: peer URL is now https://{machine.network}.31:2380" in said(
        engine, "etcd1-apply"
    )


@pytest.mark.soak
def test_a_join_that_broke_off_goes_on(engine: Engine) -> None:
    """Once behind the addition and before the start, once before the promotion."""
    time.sleep(SETTLED_S)
    plan = engine.plan([1, 2, 3, 4])
    url = f"https://{engine.machine.address('etcd4')}:2380"
    added = etcdctl(
        engine.machine, "etcd1", "member", "add", "etcd4", "--learner", f"--peer-urls={url}"
    )
    assert added.returncode == 0, added.stderr
    engine.apply(plan)
    assert said(engine, "etcd4-apply") == ["etcd4: joined"]
    assert_members(engine, "etcd1", "etcd2", "etcd3", "etcd4")


@pytest.mark.promise("never-founded-twice", "dev")
def test_nobody_founds_a_second_cluster_beside_one_that_is_down(engine: Engine) -> None:
    for name in ("etcd1", "etcd2", "etcd3"):
        engine.machine.kill_node(name)
    plan = engine.plan([1, 2, 3, 4])
    engine.machine.run(plan.commands["etcd4-prepare"], "create").ok()
    done = engine.machine.run(plan.commands["etcd4-apply"], "create")
    done.failed("no member of the cluster answers", "etcd4 (https", "--target-replace 'urn:")
    assert not (engine.machine.root("etcd4") / "data" / "member").exists()


@pytest.mark.soak
def test_a_restart_waits_for_the_end_of_an_election(machine: Machine, timeouts) -> None:
    """A member that answers nobody only because nobody leads has much to lose."""
    timeouts(ask_ms=1000)
    engine = Engine(machine)
    slow = {"heartbeat_ms": 1000, "election_ms": 8000}
    engine.up(**slow)
    make_leader(machine, "etcd3")
    before = starts(engine, "etcd1", "etcd2")
    machine.kill_node("etcd3")
    with pytest.raises(FailedError) as failed:
        engine.up(**slow, snapshot_count=20000)
    failed.value.done.failed("not restarted: etcd3 must be healthy first")
    assert starts(engine, "etcd1", "etcd2") == before


@pytest.mark.soak
def test_who_was_never_started_leaves_without_a_cluster_to_ask(machine: Machine, timeouts) -> None:
    timeouts(ask_ms=500)
    commands = machine.plan().commands
    machine.run(commands["etcd1-prepare"], "create").ok()
    done = machine.run(commands["etcd1-leave"], "delete").ok()
    assert done.output == "etcd1: was never started\n"
    (machine.root("etcd1") / "state" / "lived").touch()
    machine.run(commands["etcd1-leave"], "delete").failed("could say whether etcd1 is one of them")


@pytest.fixture
def lone(machine: Machine) -> Engine:
    """A cluster of one that holds a value."""
    engine = Engine(machine)
    engine.up([1])
    put(engine)
    return engine


@pytest.mark.soak
def test_it_grows_from_one_to_three_as_learners_without_a_restart(lone: Engine) -> None:
    before = starts(lone, "etcd1")
    lone.up([1, 2, 3])
    assert said(lone, "etcd2-apply") == ["etcd2: joined"]
    assert said(lone, "etcd3-apply") == ["etcd3: joined"]
    assert starts(lone, "etcd1") == before
    assert_members(lone, "etcd1", "etcd2", "etcd3")
    environment = (lone.machine.root("etcd3") / "etc" / "etcd.env").read_text()
    assert "ETCD_INITIAL_CLUSTER_STATE='existing'" in environment
    assert not (lone.machine.root("etcd3") / "state" / "joining").exists()
    assert lone.up([1, 2, 3]) == {}, "something was left to do"


@pytest.mark.soak
def test_who_has_left_founds_nothing_beside_the_living(lone: Engine) -> None:
    settings = {"on_destroy": "keep"}
    lone.up([1, 2], **settings)
    lone.up([2], **settings)
    with pytest.raises(FailedError) as failed:
        lone.up([1], **settings)
    failed.value.done.failed(
        "this machine's member was removed from its cluster", "remaining members"
    )
    assert is_healthy(lone.machine, "etcd2")
    lone.up([1, 2], **settings)
    assert_members(lone, "etcd2", "etcd1")


@pytest.mark.soak
def test_nobody_joins_while_a_member_is_sick(engine: Engine, timeouts) -> None:
    timeouts(gate_s=2, ask_ms=1000)
    engine.machine.kill_node("etcd2")
    commands = engine.plan([1, 2, 3, 4]).commands
    engine.machine.run(commands["etcd4-prepare"], "create").ok()
    done = engine.machine.run(commands["etcd4-apply"], "create")
    done.failed("not joined: etcd2 must be healthy first")
    assert set(members(engine, "etcd1")) == {"etcd1", "etcd2", "etcd3"}


@pytest.mark.soak
def test_who_has_lived_founds_nothing_when_all_are_down(engine: Engine) -> None:
    """Not even in a `create`, as after --target-replace: the others may know of later writes."""
    for name in ("etcd1", "etcd2", "etcd3"):
        engine.machine.kill_node(name)
    shutil.rmtree(engine.machine.root("etcd1") / "data" / "member")
    done = engine.machine.run(engine.known["etcd1-apply"], "create")
    done.failed("not started: its data folder", "no other member answers")
    assert not (engine.machine.root("etcd1") / "data" / "member").exists()


@pytest.mark.soak
def test_who_is_said_to_be_away_and_lives_stays_when_another_joins(engine: Engine) -> None:
    engine.up([1, 2, 3, 4], nodes={"etcd3": AWAY})
    assert said(engine, "etcd4-apply") == ["etcd4: joined"]
    assert_members(engine, "etcd1", "etcd2", "etcd3", "etcd4")
    engine.up([1, 2, 4])
    (stays,) = said(engine, "health")[1:]
    assert "the stack file does not name the member etcd3; stop etcd" in stays
    assert stays.endswith(f"member remove {members(engine, 'etcd1')['etcd3'][0]}")
