"""Machines whose files and processes this machine sees: of the dev stack, and hosts."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from lab.hosts.cluster import Watched, run_of
from lab.operations import changes
from lab.operations.changes import Change
from lab.stack import EtcdStack
from lab.watchers.onlooker import Onlooker

KEYS = "*.key"
OTHERS = 0o077  # the permissions of all but the owner
STATE_WORK = "work"  # where a run unpacks what it was sent


class NodeFiles(Watched, Protocol):
    """A machine of a node: where its data's folder lies, everything that is ours on it, and what it
    has logged."""

    @property
    def data_parent(self) -> Path: ...

    @property
    def state(self) -> Path: ...

    @property
    def ours(self) -> Sequence[Path]: ...

    def logs(self) -> str: ...


class Machines:
    """What dev and hosts have in common. `nodes`: what a stack file says of each machine, those
    that are to join later included."""

    name: str
    member_type = "EtcdNode"
    within: Sequence[str] = ()

    def __init__(
        self, stack: EtcdStack, machines: Sequence[NodeFiles], nodes: Mapping[str, Any]
    ) -> None:
        self.stack = stack
        self._machines = {machine.name: machine for machine in machines}
        self._nodes = dict(nodes)
        self._dead: set[str] = set()

    def watcher(self) -> Onlooker:
        return Onlooker([*self._machines.values()], self.stack.folder / "client")

    def newcomers(self) -> Mapping[str, Any]:
        return {name: self._nodes[name] for name in self._spares()}

    def replacement(self) -> Change:
        """The last member's machine dies, and one that is no member's is set up anew."""
        lost, spare = changes.reachable(self.stack.spec)[-1], self._spares()[0]
        self._die(lost)
        self._dead.add(lost)
        self._set_up_anew(spare)
        spec = {**self.stack.spec, **changes.lose(self.stack.spec, lost)}
        return changes.join(spec, {spare: self._nodes[spare]})

    def put_data_back(self) -> None:
        for name in changes.reachable(self.stack.spec):
            parent = self._machines[name].data_parent
            newest = max(parent.glob("data.retired-*"))
            newest.rename(parent / "data")

    def left_over(self) -> list[str]:
        named = [self._machines[name] for name in changes.reachable(self.stack.spec)]
        work = [machine.state / STATE_WORK for machine in named]
        new = [path for path in _files(named) if path.name.endswith(".new")]
        return [str(path) for path in (*work, *new) if path.exists()]

    def misplaced_keys(self) -> list[str]:
        owners: defaultdict[str, set[str]] = defaultdict(set)
        wrong = []
        for name in changes.reachable(self.stack.spec):
            for path in _files([self._machines[name]]):
                if path.match(KEYS) and path.is_file() and not path.is_symlink():
                    owners[hashlib.sha256(path.read_bytes()).hexdigest()].add(name)
                    if path.stat().st_mode & OTHERS:
                        wrong.append(f"others may read {path}")
        shared = [names for names in owners.values() if len(names) > 1]
        assert len(owners) >= len(changes.reachable(self.stack.spec)), "no keys were found"
        return [*wrong, *(f"{sorted(names)} have the same key" for names in shared)]

    def shown(self) -> dict[str, str]:
        named = [self._machines[name] for name in changes.reachable(self.stack.spec)]
        return {each.name: each.logs() + _started_with(each.pids()) for each in named}

    def why_down(self) -> str:
        return ""

    def keeps_data_of(self, name: str) -> bool:
        return any(self._machines[name].data_parent.glob("data.retired-*/member"))

    def remains(self) -> list[str]:
        """What is dead keeps what it has."""
        machines = [each for name, each in self._machines.items() if name not in self._dead]
        processes = [machine.name for machine in machines if run_of(machine) != (0, 0)]
        keys = [str(path) for path in _files(machines) if path.match(KEYS)]
        return [*(f"the process of {name}" for name in processes), *keys]

    def _spares(self) -> list[str]:
        return [name for name in self._nodes if name not in self.stack.spec["nodes"]]

    def _die(self, name: str) -> None:
        raise NotImplementedError

    def _set_up_anew(self, name: str) -> None:
        """An empty machine under the old name; `_nodes` says of it what a person would."""
        raise NotImplementedError


def _started_with(pids: Sequence[int]) -> str:
    """The command lines and environments of these processes."""
    files = [Path(f"/proc/{pid}/{name}") for pid in pids for name in ("cmdline", "environ")]
    return "".join(file.read_text(errors="replace") for file in files)


def _files(machines: Sequence[NodeFiles]) -> Iterator[Path]:
    for machine in machines:
        for folder in machine.ours:
            yield from folder.rglob("*")
