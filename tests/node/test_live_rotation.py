"""The authority of a living cluster is rotated, step by step and with one left out; real etcd."""

from __future__ import annotations

from typing import Any

import pytest

from tests.node.asking import is_healthy, served_serial
from tests.node.engine import Engine, FailedError
from tests.node.machine import Machine
from tests.spec.authorities import make
from tests.support.shells import DASH

pytestmark = [pytest.mark.slow, DASH]

OURS = make("our own root", may_sign=True)
EXTERNAL = {"2": {"certificate": OURS.pem, "key": OURS.key}}


@pytest.fixture
def engine(machine: Machine) -> Engine:
    engine = Engine(machine)
    engine.up()
    return engine


def rotate(engine: Engine, signing: int, *trusted: int) -> list[str]:
    """What each member says of that step."""
    pki: dict[str, Any] = {"signing": signing, "trusted": list(trusted), "generations": EXTERNAL}
    engine.up(pki=pki)
    assert all(is_healthy(engine.machine, name) for name in engine.machine.node_names)
    return [engine.ran[f"{name}-apply"].output for name in engine.machine.node_names]


def runs(engine: Engine) -> list[tuple[int, str]]:
    return list(engine.machine.starts().values())


@pytest.mark.soak
def test_from_a_self_made_authority_to_an_external_one_and_back(engine: Engine) -> None:
    for former, later in ((1, 2), (2, 3)):
        before = runs(engine)
        rotate(engine, former, former, later)
        trusting = runs(engine)
        assert not set(before) & set(trusting), "a bundle is read at the start"
        served = [served_serial(engine.machine, name) for name in engine.machine.node_names]
        said = rotate(engine, later, former, later)
        assert all("not restarted" in each for each in said), said
        assert runs(engine) == trusting, "leaves are read at every handshake"
        assert not set(served) & {
            served_serial(engine.machine, name) for name in engine.machine.node_names
        }
        rotate(engine, later, later)


@pytest.mark.soak
def test_a_step_that_has_not_reached_every_member_stops_the_next(engine: Engine) -> None:
    """As after an `up` that was cut off: etcd3 does not trust the new authority yet."""
    pki = {"signing": 1, "trusted": [1, 2], "generations": EXTERNAL}
    commands = engine.plan(pki=pki).commands
    for name in ("etcd1", "etcd2"):
        engine.machine.run(commands[f"{name}-apply"], "update").ok()
    before = runs(engine)
    with pytest.raises(FailedError) as failed:
        rotate(engine, 2, 1, 2)
    failed.value.done.failed("and etcd3 would not trust each other")
    assert runs(engine) == before
    rotate(engine, 1, 1, 2)
    rotate(engine, 2, 1, 2)
