"""Members that leave and return, or are destroyed and come up again, with data that is kept: each
run of the engine is killed at each step of its scripts, and the next one goes on to the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from lab.interruptions import LOG, seeded_chance
from tests.model.host import Programs
from tests.model.keeping import LEAVING, NAMES, VERSIONS, CrashAtChange, Keeping
from tests.model.life import TIMEOUTS_S
from tests.model.raft import voters
from tests.node.engine import FailedError
from tests.node.test_notes import NOTES

pytestmark = [pytest.mark.slow, pytest.mark.soak]

LIVED_ON = 0.1  # the share of the kills after which the cluster lives on
FEWEST_STEPS = 5
STAY = tuple(name for name in NAMES if name != LEAVING)


class Step(NamedTuple):
    """What a person does, and the run of the engine that is killed."""

    act: Callable[[Keeping], object]
    run: Callable[[Keeping], None]

    def take(self, cluster: Keeping) -> None:
        self.act(cluster)
        self.run(cluster)


def put_back(cluster: Keeping) -> None:
    for name in NAMES:
        (kept,) = kept_folders(cluster, name)
        kept.rename(kept.parent / "data")


LEAVE = Step(lambda cluster: cluster.spec.update(names=STAY), Keeping.up)
RETURN = Step(lambda cluster: cluster.spec.update(names=NAMES), Keeping.up)
UPGRADE = Step(lambda cluster: cluster.spec.update(version=VERSIONS[1]), Keeping.up)
DEFRAGMENT = Step(lambda cluster: cluster.spec.update(defragment="1"), Keeping.up)
DESTROY = Step(lambda _: None, Keeping.destroy)
UP_WITH_DATA = Step(put_back, Keeping.up)
UP_ANEW = Step(lambda cluster: cluster.world.forget(), Keeping.up)
# Every kind of run after whatever leaves notes: the steps of a life, and which of them is killed.
GOING = (UPGRADE, DEFRAGMENT, LEAVE, RETURN)
KILLED: Mapping[str, tuple[Sequence[Step], int]] = {
    **{name: (GOING, n) for n, name in enumerate(("upgrade", "defragment", "leave", "return"))},
    "destroy": ((DESTROY, UP_WITH_DATA), 0),
    "up with the data": ((DESTROY, UP_WITH_DATA), 1),
    "up anew": ((DESTROY, UP_ANEW), 1),
}


@pytest.fixture
def cluster(tmp_path: Path, timeouts) -> Iterator[Keeping]:
    timeouts(**TIMEOUTS_S)
    folder = tmp_path / "world"
    folder.mkdir()
    cluster = Keeping(Programs(folder), folder, {})
    cluster.up()
    yield cluster
    cluster.host.close()


@pytest.mark.parametrize("name", KILLED)
def test_a_run_that_is_killed_at_any_step_is_completed(
    cluster: Keeping, tmp_path: Path, name: str
) -> None:
    steps, killed = KILLED[name]
    former = {name: cluster.world.machines[name].copy_number for name in NAMES}
    for step in steps[:killed]:
        step.take(cluster)
    steps[killed].act(cluster)
    before = cluster.save(tmp_path / "before")
    steps[killed].run(cluster)
    undisturbed = paths(cluster)
    chance = seeded_chance()
    for at in count(1):
        cluster.restore(before)
        if not is_killed(cluster, steps[killed], at):
            break
        if at == 1:  # what the others do comes before, and once is enough
            before = cluster.save(tmp_path / "begun")
        steps[killed].run(cluster)
        assert paths(cluster) == undisturbed, f"killed at {at}{story(cluster)}"
        # The same files are the same future.
        if at == 1 or chance.random() < LIVED_ON:
            for step in steps[killed + 1 :]:
                step.take(cluster)
            check(cluster, former)
    LOG.warning("%s: %d steps", name, at - 1)
    assert at > FEWEST_STEPS


def is_killed(cluster: Keeping, step: Step, at: int) -> bool:
    """Whether the run gets that far."""
    crash = cluster.host.crash = CrashAtChange(at, after=False, files=True)
    with suppress(FailedError):
        step.run(cluster)
    cluster.host.crash = None
    return crash.at <= 0


def paths(cluster: Keeping) -> set[str]:
    """Everything on the machines, whenever it was kept."""
    nodes = cluster.folder / "nodes"
    found = (str(path.relative_to(nodes)) for path in nodes.rglob("*"))
    return {re.sub(r"\.retired-[^/]*", ".retired", path) for path in found}


def story(cluster: Keeping) -> str:
    return "\n".join(["", *cluster.world.history])


def check(cluster: Keeping, former: Mapping[str, int | None]) -> None:
    """The members are those of the stack file, and each machine has the data that it had, in its
    place or kept beside it; nothing is left to do."""
    world = cluster.world
    log = world.living()
    assert not world.breaches, story(cluster)
    assert log, story(cluster)
    config = log.config()
    assert sorted(config[number].name for number in voters(config)) == sorted(NAMES)
    assert len(config) == len(NAMES), story(cluster)
    for name in NAMES:
        machine = world.machines[name]
        assert world.follows(machine), story(cluster)
        notes = {path.name for path in (machine.root / "state").iterdir()}
        assert notes <= NOTES.keys()
        assert not notes & {"left", "joining", "retired"}
        kept = [(kept / "member/identity").read_text() for kept in kept_folders(cluster, name)]
        gone = machine.copy_number != former[name]
        assert kept == ([str(former[name])] if gone else []), story(cluster)
    cluster.up()
    assert not cluster.engine.ran, story(cluster)


def kept_folders(cluster: Keeping, name: str) -> list[Path]:
    return [*cluster.world.machines[name].root.glob("data.retired-*")]
