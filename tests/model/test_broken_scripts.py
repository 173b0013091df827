"""The model can fail: scripts that are broken on purpose break a promise, or never converge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.model import faults
from tests.model.host import NAMES, Programs
from tests.model.life import TIMEOUTS_S, Life
from tests.model.script_requests import Crash
from tests.model.stack import Stack

pytestmark = pytest.mark.slow

APPLY, LEAVE = "scripts/apply.sh", "scripts/leave.sh"
ASK, GATE, JOIN = "scripts/lib/ask.sh", "scripts/lib/gate.sh", "scripts/lib/join.sh"
LEARNER, UPGRADE = "scripts/lib/learner.sh", "scripts/lib/upgrade.sh"
RECONFIGURE, CLUSTER_HEALTH = "scripts/lib/membership.sh", "scripts/lib/cluster_health.sh"
UNBROKEN: Mapping[str, tuple[str, str]] = {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model") / "world"


@pytest.fixture(scope="module")
def programs(folder: Path) -> Programs:
    return Programs(folder)


@pytest.fixture
def live(folder: Path, programs: Programs, timeouts) -> Iterator[Callable[..., Life]]:
    """A new life with so many founders, and scripts that are changed in this way."""
    timeouts(**TIMEOUTS_S)
    lives = []

    def begin(count: int, mutate: Mapping[str, tuple[str, str]] = UNBROKEN) -> Life:
        kind = type("Broken", (Life,), {"mutate": mutate, "folder": folder, "programs": programs})
        life = kind()
        lives.append(life)
        life.stack = Stack(dict.fromkeys(NAMES[:count], False))
        assert life.bring_up()
        return life

    yield begin
    for life in lives:
        life.host.close()


def one_is_cut_off_and_a_flag_changes(life: Life) -> None:
    """It still rehearses; where that cannot be, nobody comes as far as to restart."""
    faults.cut_off(life.world, life.world.machines["etcd3"], ssh=True)
    life.stack.flag = 20000
    life.bring_up()


def one_is_down_and_another_moves(life: Life) -> None:
    faults.power_off(life.world, life.world.machines["etcd3"])
    life.stack.nodes["etcd1"] = True
    life.bring_up()


def one_is_down_and_another_is_dropped(life: Life) -> None:
    faults.power_off(life.world, life.world.machines["etcd2"])
    life.stack.drop("etcd3")
    # The engine comes so far where nothing changes on those that stay.
    leave = life.engine.known["etcd3-leave"]
    life.host.run(leave, "delete")


def a_flag_changes(life: Life) -> None:
    """The first two in turn need not hand leadership away, which would show who is not back."""
    life.world.lead(life.world.machines["etcd3"])
    life.stack.flag = 20000
    life.bring_up()


def one_is_cut_off_and_has_lost_its_data(life: Life) -> None:
    faults.lose_disk(life.world, life.world.machines["etcd1"], whole=False)
    faults.cut_off(life.world, life.world.machines["etcd1"], ssh=True)
    life.ask_everything()
    life.bring_up()


def one_has_lost_its_data(life: Life) -> None:
    faults.lose_disk(life.world, life.world.machines["etcd2"], whole=False)
    life.mend("etcd2")


def a_second_one_joins_and_goes(life: Life) -> None:
    life.stack.nodes["etcd2"] = False
    assert life.bring_up()
    life.stack.drop("etcd2")


def a_dead_one_is_dropped_as_a_flag_changes(life: Life) -> None:
    faults.power_off(life.world, life.world.machines["etcd3"])
    life.stack.away.add("etcd3")
    assert life.bring_up()
    life.stack.drop("etcd3")
    life.stack.flag = 20000


def a_lone_one_moves_as_another_joins(life: Life) -> None:
    """In one change: after it, the health check announces an address that is not known."""
    life.stack.nodes["etcd1"] = True
    life.stack.nodes["etcd2"] = False


def one_moves_while_it_is_cut_off(life: Life) -> None:
    faults.cut_off(life.world, life.world.machines["etcd2"], ssh=True)
    life.stack.nodes["etcd2"] = True
    life.bring_up()


def two_move_and_the_third_goes(life: Life) -> None:
    life.stack.nodes.update(etcd1=True, etcd2=True)
    life.stack.drop("etcd3")


def another_joins(life: Life) -> None:
    life.stack.nodes["etcd2"] = False


def another_has_joined(life: Life) -> None:
    another_joins(life)
    life.bring_up()


def a_flag_is_refused(life: Life) -> None:
    life.stack.refused = True
    life.bring_up()


def a_restart_is_cut_off_and_its_flag_taken_back(life: Life) -> None:
    life.stack.flag = 20000
    assert not life.bring_up(Crash(at=1, of="restart", after=True))
    life.stack.flag = 10000


def it_goes_to_the_next_minor(life: Life) -> None:
    life.stack.version = "3.7.3"
    life.bring_up()


def it_goes_to_the_minor_before(life: Life) -> None:
    life.stack.version = "3.5.35"
    life.bring_up()


def a_member_without_quorum_is_to_go_to_the_next_minor(life: Life) -> None:
    for name in ("etcd2", "etcd3"):
        faults.power_off(life.world, life.world.machines[name])
    life.stack.version = "3.7.3"
    life.mend("etcd1")


def a_change_of_minor_is_cut_off_and_another_wanted(life: Life) -> None:
    life.stack.version = "3.7.3"
    assert not life.bring_up(Crash(at=1, of="restart", after=True))
    life.stack.version = "3.5.35"
    life.mend("etcd2")


def a_rotation_goes_on_before_it_has_reached_everybody(life: Life) -> None:
    life.stack.rotated = 1
    for name in ("etcd1", "etcd2"):
        life.mend(name)
    life.stack.rotated = 2
    life.bring_up()


def no_longer(script: str, line: str) -> dict[str, tuple[str, str]]:
    return {script: (line, ":")}


RECKLESS = {
    "restarts without asking who is healthy": (
        3,
        no_longer(GATE, 'require_others_healthy "not restarted"'),
        one_is_cut_off_and_a_flag_changes,
        "stops etcd1, which the quorum needs",
    ),
    "restarts the next before this one is back": (
        3,
        {APPLY: ("recovers=is_healthy_again", "recovers=:")}
        | {GATE: ("unhealthy_found=$(unhealthy_others)", "unhealthy_found=")},
        a_flag_changes,
        "stops etcd2 while it keeps etcd1 down",
    ),
    "takes a member that moves for one that is down": (
        3,
        {ASK: ('is_healthy "$(own_place client_url)"', 'is_healthy "$(setting client_url)"')},
        one_is_down_and_another_moves,
        "stops etcd1, which the quorum needs",
    ),
    "leaves without asking who is healthy": (
        3,
        no_longer(LEAVE, 'require_others_healthy "not removed"'),
        one_is_down_and_another_is_dropped,
        "stops etcd3, which the quorum needs",
    ),
    "founds in an update": (
        3,
        {APPLY: ("require_bootstrap_is_safe() {\n", "require_bootstrap_is_safe() {\n  return 0\n")},
        one_is_cut_off_and_has_lost_its_data,
        "etcd1 starts empty under an identity that was used before",
    ),
    "joins as its former self": (
        3,
        no_longer(LEARNER, 'remove_member "$former_id" "$(setting name)"'),
        one_has_lost_its_data,
        "etcd2 starts empty under an identity that was used before",
    ),
    "does not go back from what etcd refuses": (
        3,
        no_longer(APPLY, 'go_back "$(runtime_failure)"'),
        a_flag_is_refused,
        "our hand leaves etcd1 down after a refused change",
    ),
    "goes to another minor without a snapshot": (
        3,
        no_longer(UPGRADE, 'keep_snapshot "before-$(setting version)" "$running_version"'),
        it_goes_to_the_next_minor,
        "takes etcd1 to 3.7.3 without a snapshot",
    ),
    "goes to another minor to mend a member": (
        3,
        no_longer(APPLY, "require_version_may_mend"),
        a_member_without_quorum_is_to_go_to_the_next_minor,
        "takes etcd1 to 3.7.3, which is not healthy",
    ),
    "does not tell etcd that it goes down": (
        3,
        no_longer(UPGRADE, 'allow_downgrade "$running_version"'),
        it_goes_to_the_minor_before,
        "etcd1 starts etcd 3.5.35, which does not read its data",
    ),
    "takes a third version": (
        3,
        {UPGRADE: ("require_no_third_release\n  some", "some")},
        a_change_of_minor_is_cut_off_and_another_wanted,
        "takes etcd2 to a third version, 3.5.35",
    ),
    "joins as a voter at once": (
        1,
        {RECONFIGURE: ('"$(setting name)" --learner', '"$(setting name)"')},
        another_has_joined,
        "that has never learnt",
    ),
    "goes on with a rotation that has not reached everybody": (
        3,
        no_longer(APPLY, "require_trust"),
        a_rotation_goes_on_before_it_has_reached_everybody,
        "our hand makes etcd1 and etcd3 strangers",
    ),
}

STUCK = {
    "forgets too late what it was started with": (
        1,
        no_longer(APPLY, 'rm -f "$(setting state_dir)/started"'),
        a_restart_is_cut_off_and_its_flag_taken_back,
    ),
    "stops one of two before it is removed": (
        1,
        {LEAVE: ("-le 2 ]", "-le 0 ]")},
        a_second_one_joins_and_goes,
    ),
    "waits for a dead member that is named no more": (
        3,
        no_longer(APPLY, "remove_dead_members is_named"),
        a_dead_one_is_dropped_as_a_flag_changes,
    ),
    "does not say where a lone member has gone": (
        1,
        no_longer(JOIN, 'update_member "${known_at%%,*}"'),
        a_lone_one_moves_as_another_joins,
    ),
    "does not say where one has gone that was cut off": (
        3,
        {CLUSTER_HEALTH: ("  correct_peer_urls\n", "")},
        one_moves_while_it_is_cut_off,
    ),
    "leaves the others where they were": (
        3,
        {LEAVE: ("serving_url=$(", "nothing=$(")},
        two_move_and_the_third_goes,
    ),
    "never promotes": (
        1,
        {LEARNER: ("*', true')", "*', never')")},
        another_joins,
    ),
}


@pytest.mark.soak
@pytest.mark.parametrize("name", RECKLESS)
def test_a_reckless_script_is_caught(live, name: str) -> None:
    count, mutate, happens, breach = RECKLESS[name]
    life = live(count, mutate)
    happens(life)
    assert any(breach in found for found in life.world.breaches), life.story()


# All of them: these find what somebody breaks, the others that the model would.
@pytest.mark.parametrize("name", RECKLESS)
def test_the_scripts_as_they_are_break_nothing_there(live, name: str) -> None:
    count, _, happens, _ = RECKLESS[name]
    life = live(count)
    happens(life)
    life.nothing_is_broken()


def test_the_scripts_as_they_are_go_up_and_down(live) -> None:
    life = live(3)
    for version in ("3.7.3", "3.6.16", "3.5.35"):
        life.stack.version = version
        assert life.bring_up(), life.story()
        processes = [machine.process for machine in life.world.running()]
        assert {process.version for process in processes} == {version}
    life.nothing_is_broken()


def test_nobody_comes_back_with_certificates_that_nobody_believes(live) -> None:
    life = live(3)
    faults.lose_disk(life.world, life.world.machines["etcd2"], whole=False)
    life.stack.rotated = 2
    life.mend("etcd2")
    assert "not changed: pki would go from signing=1 trusted=1 to" in life.story()
    assert len(life.world.living().config()) == 3, life.story()


def test_who_broke_off_behind_its_promotion_is_not_restarted(live) -> None:
    life = live(1)
    another_has_joined(life)
    joined = life.world.machines["etcd2"]
    process, note = joined.process, joined.root / "state" / "joining"
    note.touch()
    life.mend("etcd2")
    assert joined.process is process, life.story()
    assert not note.exists(), life.story()


@pytest.mark.soak
@pytest.mark.parametrize("name", STUCK)
def test_a_script_that_goes_nowhere_is_caught(live, name: str) -> None:
    count, mutate, happens = STUCK[name]
    life = live(count, mutate)
    happens(life)
    with pytest.raises(AssertionError, match=r"(?s)^(\[|not done|\n).*QUIET"):
        life.converges()


@pytest.mark.parametrize("name", STUCK)
def test_the_scripts_as_they_are_get_there(live, name: str) -> None:
    count, _, happens = STUCK[name]
    life = live(count)
    happens(life)
    life.converges()
