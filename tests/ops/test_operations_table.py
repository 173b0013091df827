"""The table of operations: each fits the cluster that it says it needs, and changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lab.operations.operation import Ground, Operation
from lab.operations.table import MEASURED, ON_PODS, OPERATIONS


class Paper:
    """A cluster that is only its stack file; `events` is what happened to its machines."""

    def __init__(self, operation: Operation) -> None:
        names = [f"etcd{number}" for number in range(operation.founders + operation.spares)]
        self._machines: dict[str, Any] = {name: {"address": name} for name in names}
        founders = {name: self._machines[name] for name in names[: operation.founders]}
        self.stack = SimpleNamespace(spec={"version": operation.version, "nodes": founders})
        self.events: list[str] = []

    def spare_nodes(self) -> dict[str, Any]:
        nodes = self.stack.spec["nodes"]
        return {name: node for name, node in self._machines.items() if name not in nodes}

    def leader_name(self) -> str:
        return next(iter(self.stack.spec["nodes"]))

    def pick(self, names: Sequence[str]) -> str:
        return names[-1]

    def release(self, version: str) -> dict[str, Any]:
        return {"version": version}

    def lose(self, name: str) -> None:
        self.events.append(f"{name} is lost")

    def set_up_anew(self, name: str) -> Mapping[str, Any]:
        self.events.append(f"{name} is new")
        return {"address": name, "new": True}

    def do(self, operation: Operation) -> list[Mapping[str, Any]]:
        """The stack files of its steps."""
        ground = cast(Ground, self)
        assert operation.fits(ground)
        specs = []
        for step in operation.steps(ground):
            self.stack.spec = {**self.stack.spec, **step(self.stack.spec)}
            specs.append(self.stack.spec)
        return specs


@pytest.mark.parametrize("name", MEASURED)
def test_an_operation_fits_a_new_cluster_and_each_step_changes_it(name: str) -> None:
    paper = Paper(OPERATIONS[name])
    former = paper.stack.spec
    for spec in paper.do(OPERATIONS[name]):
        assert spec != former
        former = spec


def nodes_after(paper: Paper, name: str) -> dict[str, Any]:
    nodes: dict[str, Any] = paper.do(OPERATIONS[name])[-1]["nodes"]
    return nodes


def test_growing_and_shrinking_add_and_take_two_and_the_leader_goes() -> None:
    assert [*nodes_after(Paper(OPERATIONS["grow"]), "grow")] == [f"etcd{n}" for n in range(5)]
    assert [*nodes_after(Paper(OPERATIONS["shrink"]), "shrink")] == ["etcd1", "etcd2", "etcd3"]


def test_a_lost_machine_is_named_as_such_and_comes_back_or_is_forgotten() -> None:
    for then, left in (("comeback", {"address": "etcd2", "new": True}), ("forget", None)):
        paper = Paper(OPERATIONS["replace"])
        nodes = nodes_after(paper, "replace")
        assert nodes["etcd2"] == {"address": "etcd2", "reachable": False}
        assert "etcd3" in nodes
        assert nodes_after(paper, then).get("etcd2") == left
        assert paper.events == ["etcd2 is lost", "etcd2 is new"]


def test_a_rotation_ends_with_the_new_authority_alone() -> None:
    *_, last = Paper(OPERATIONS["ca-rotation"]).do(OPERATIONS["ca-rotation"])
    assert last["pki"] == {"signing": 2, "trusted": [2]}


def test_pods_go_through_their_operations_in_one_life() -> None:
    paper = Paper(Operation("", "", lambda _: [], spares=2, version="3.5.35"))
    for operation in ON_PODS.values():
        paper.do(operation)
    assert paper.events == []
    assert len(paper.stack.spec["nodes"]) == 3
