"""What a journey does when a step fails."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.journeys.journey import Journey, Step, wrong_restarts, wrong_writes


def nothing(_: Journey) -> None:
    """All is well."""


def fails(_: Journey) -> None:
    raise AssertionError("two members were down at once")


class Rehearsal(Journey):
    """Without a cluster; `done` has what would happen to one."""

    def __init__(self, *steps: Step) -> None:
        stack: Any = SimpleNamespace(spec={"last": ""})
        platform: Any = SimpleNamespace(name="nowhere", stack=stack)
        super().__init__(platform, steps)
        self.done: list[str] = []

    def _go(self, step: Step) -> None:
        self.done.append(step.name)
        self.stack.spec = {"last": step.name}
        step.do(self)

    def recover(self, spec: Any) -> None:
        self.done.append(f"back to {spec['last']}")


def step(name: str, *rests_on: str, do: Callable[[Journey], None] = nothing) -> Step:
    return Step(name, do, rests_on=rests_on)


def test_a_step_that_fails_says_its_name_and_what_is_wrong() -> None:
    flag = step("flag", do=fails)
    with pytest.raises(AssertionError, match="step flag: two members were down at once"):
        Rehearsal(flag).take(flag)


def test_what_rests_on_a_failed_step_is_skipped_and_all_else_begins_with_a_whole_cluster() -> None:
    found, grow = step("found"), step("grow", "found", do=fails)
    shrink, upgrade = step("shrink", "grow"), step("upgrade", "found")
    journey = Rehearsal(found, grow, shrink, upgrade)
    journey.take(found)
    with pytest.raises(AssertionError):
        journey.take(grow)
    with pytest.raises(pytest.skip.Exception, match="rests on the step grow"):
        journey.take(shrink)
    journey.take(upgrade)
    assert journey.done == ["found", "grow", "back to found", "upgrade"]


def test_a_step_that_is_asked_for_alone_takes_first_what_it_rests_on() -> None:
    found, grow, shrink = step("found"), step("grow", "found"), step("shrink", "grow")
    journey = Rehearsal(found, grow, shrink)
    journey.take(shrink)
    assert journey.done == ["found", "grow", "shrink"]


def test_restarts_are_counted_by_member_and_in_all() -> None:
    refused = Step("refused", nothing, restarts=2, restarting=1)
    assert wrong_restarts(refused, {"etcd1": 2, "etcd2": 0}) == []
    assert wrong_restarts(refused, {"etcd1": 3}) == ["etcd1 restarted 3 times, 2 at most may be"]
    assert wrong_restarts(refused, {"etcd1": 1, "etcd2": 1}) == [
        "['etcd1', 'etcd2'] restarted, 1 at most may"
    ]


@pytest.mark.parametrize(
    ("report", "wrong"),
    [
        ({}, []),
        ({"failed": 5}, ["5 writes failed, 4 at most may in 1 elections"]),
        ({"lost": 1}, ["1 acknowledged writes are lost"]),
        ({"writes": 3}, ["the client made 3 writes only"]),
    ],
)
def test_a_lost_write_is_wrong_and_a_failed_one_where_no_leader_changed(
    report: dict[str, int], wrong: list[str]
) -> None:
    whole = {"writes": 900, "failed": 4, "lost": 0, "elections": 1, **report}
    assert wrong_writes(step("flag"), whole) == wrong


def test_a_dead_machine_costs_writes_until_its_connection_is_given_up() -> None:
    dying = Step("replace", nothing, dying=1)
    whole = {"writes": 900, "failed": 24, "lost": 0, "elections": 1}
    assert wrong_writes(dying, whole) == []
    assert wrong_writes(dying, {**whole, "failed": 25})
