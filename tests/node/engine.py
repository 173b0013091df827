"""What the engine does with the program's commands, on one machine: it creates what is new, updates
what has changed, and in the end deletes what is named no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.node.machine import Done, Machine, Mode
from tests.node.program import Plan, Resource


class FailedError(Exception):
    """A command ended with an error; `done` is what it said."""

    def __init__(self, name: str, done: Done) -> None:
        super().__init__(f"{name}: {done.errors}")
        self.name, self.done = name, done


@dataclass
class Engine:
    """Remembers, as a state does, the commands that have succeeded; `ran` is what the last `up`
    did. Of those that may run at once, whose `rank` is lower comes first. Without `rehearses` what
    etcd refuses is found by the restart, as what no rehearsal sees."""

    machine: Machine
    rank: Callable[[str], Any] = str
    rehearses: bool = True
    known: dict[str, Resource] = field(default_factory=dict)
    ran: dict[str, Done] = field(default_factory=dict)

    def up(self, numbers: Iterable[int] = (1, 2, 3), **settings: Any) -> dict[str, Done]:
        """One `up` with the nodes etcd1, etcd2, … of these numbers; raises FailedError."""
        return self.apply(self.plan(numbers, **settings))

    def plan(self, numbers: Iterable[int] = (1, 2, 3), **settings: Any) -> Plan:
        """`settings.nodes` says more of single nodes."""
        further = settings.pop("nodes", {})
        nodes = {
            f"etcd{n}": {"address": self.machine.address(f"etcd{n}"), **further.get(f"etcd{n}", {})}
            for n in numbers
        }
        return self.machine.plan_of(nodes, **settings)

    def destroy(self) -> dict[str, Done]:
        """Everything is named no more, the bootstrap record among it."""
        return self.apply(Plan())

    def apply(self, plan: Plan) -> dict[str, Done]:
        self.ran = {}
        commands = plan.commands
        for name in in_order(plan, self.rank):
            if self.rehearses or not name.endswith("-rehearse"):
                self._bring(name, commands[name])
        gone = [name for name in self.known if name not in commands]
        for name in sorted(gone, key=list(self.known).index, reverse=True):
            self._delete(name, commands)
        return self.ran

    def _bring(self, name: str, wanted: Resource) -> None:
        former = self.known.get(name)
        if former is None:
            if "create" in wanted.inputs:
                self._run(name, wanted, "create")
        elif not wanted.unchanging and former.inputs != wanted.inputs:
            self._run(name, wanted, "update")
        elif wanted.unchanging:
            wanted = Resource(**{**vars(wanted), "inputs": former.inputs})
        self.known[name] = wanted

    def _delete(self, name: str, left: dict[str, Resource]) -> None:
        former = self.known[name]
        goes_along = former.goes_with and not left
        if "delete" in former.inputs and not former.retained and not goes_along:
            self._run(name, former, "delete")
        del self.known[name]

    def _run(self, name: str, command: Resource, mode: Mode) -> None:
        done = self.ran[name] = self.machine.run(command, mode)
        if done.status != 0:
            raise FailedError(name, done)


def in_order(plan: Plan, rank: Callable[[str], Any]) -> list[str]:
    """The commands, each behind everything that it has to come after. The program registers them
    in an order that differs from run to run, so that one says nothing."""
    names = {found.name: short for short, found in plan.commands.items()}
    placed: list[str] = []

    def place(name: str) -> None:
        short = names[name]
        if short in placed:
            return
        for before in sorted(plan.all_before(name) & set(names), key=rank):
            place(before)
        placed.append(short)

    for name in sorted(names, key=rank):
        place(name)
    return placed
