"""The life of a cluster as random steps, for hypothesis: changes of the stack file, faults, and
`up`s that may break off. What must hold is asked after every step, and at the end of every life."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.model import faults, hand
from tests.model.host import NAMES, Host, Programs
from tests.model.machines import Machine
from tests.model.raft import voters
from tests.model.script_requests import Crash
from tests.model.stack import ROTATION, Stack
from tests.model.world import BOOT_S
from tests.node.engine import Engine, FailedError
from tests.node.machine import Mode
from tests.node.program import Plan

# Two chances in three that nothing comes in between.
CRASHES = st.one_of(
    st.none(),
    st.none(),
    st.builds(Crash, at=st.integers(1, 40), after=st.booleans(), files=st.booleans()),
)
UPS_TO_CONVERGE = 3
TIMEOUTS_S = {"gate_s": 15, "start_s": 15, "join_s": 30}


class Life(RuleBasedStateMachine):
    """`mutate` breaks scripts on purpose: path in the payload -> (text, text in its place)."""

    mutate: Mapping[str, tuple[str, str]] = {}
    folder = Path(tempfile.gettempdir())
    programs: Programs

    def __init__(self) -> None:
        super().__init__()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.host = Host(self.programs, self.folder, self.mutate)
        self.world = self.host.world
        self.engine = Engine(self.host)  # type: ignore[arg-type]
        self.founded = False
        self.moving = ""

    @initialize(count=st.sampled_from([3, 3, 1, 5]), crash=CRASHES, order=st.integers(0, 99))
    def found(self, count: int, crash: Crash | None, order: int) -> None:
        self.engine.rank = lambda name: crc32(f"{order} {name}".encode())
        self.stack = Stack(dict.fromkeys(NAMES[:count], False))
        self.bring_up(crash)

    # The stack file.

    @precondition(lambda self: self.founded and self.stack.unused)
    @rule()
    def add_a_node(self) -> None:
        name = self.stack.unused[0]
        self.stack.nodes[name] = False
        self._say(f"the stack file names {name}")

    @precondition(lambda self: self.founded and self._droppable())
    @rule(data=st.data())
    def drop_a_node(self, data: Any) -> None:
        name = data.draw(st.sampled_from(self._droppable()))
        if name in self.stack.away and self.world.machines[name].on:
            # Whoever gives a machine up turns it off: no command will.
            faults.power_off(self.world, self.world.machines[name])
        self.stack.drop(name)
        self._say(f"the stack file names {name} no more")

    @rule()
    def change_a_flag(self) -> None:
        self.stack.flag = 30000 - self.stack.flag
        self._say("the stack file has another flag")

    @precondition(lambda self: self.founded)
    @rule()
    def ask_for_what_etcd_refuses(self) -> None:
        self.stack.refused = not self.stack.refused
        self._say(f"the stack file has a flag that etcd refuses: {self.stack.refused}")

    @precondition(lambda self: self.founded and not self.moving and self._movable())
    @rule(data=st.data())
    def move_a_node(self, data: Any) -> None:
        """One at a time: a node that has lost its data looks for the others where they will be."""
        self.moving = name = data.draw(st.sampled_from(self._movable()))
        self.stack.nodes[name] = not self.stack.nodes[name]
        self._say(f"the stack file has another address for {name}")

    @precondition(lambda self: self.stack.rotated < len(ROTATION) - 1)
    @rule()
    def rotate_one_step(self) -> None:
        self.stack.rotated += 1
        self._say(f"the stack file has pki {ROTATION[self.stack.rotated]}")

    @precondition(lambda self: self._strayed() and len(self.stack.reachable) > 1)
    @rule(data=st.data())
    def say_that_a_node_is_away(self, data: Any) -> None:
        name = data.draw(st.sampled_from(self._strayed()))
        self.stack.away.add(name)
        self._say(f"the stack file says reachable: false of {name}")

    @precondition(lambda self: self.stack.away)
    @rule(data=st.data())
    def say_that_a_node_is_back(self, data: Any) -> None:
        name = data.draw(st.sampled_from(sorted(self.stack.away)))
        self.stack.away.discard(name)
        self._say(f"the stack file says no more that {name} is away")

    # Faults.

    @precondition(lambda self: self._machines(on=True))
    @rule(data=st.data())
    def power_off(self, data: Any) -> None:
        faults.power_off(self.world, self._drawn(data, self._machines(on=True)))

    @precondition(lambda self: self._machines(on=False))
    @rule(data=st.data())
    def power_on(self, data: Any) -> None:
        faults.power_on(self.world, self._drawn(data, self._machines(on=False)))

    @precondition(lambda self: self._spendable())
    @rule(data=st.data(), whole=st.booleans())
    def lose_a_disk(self, data: Any, whole: bool) -> None:
        faults.lose_disk(self.world, self._drawn(data, self._spendable()), whole=whole)

    @precondition(lambda self: self._machines(on=True))
    @rule(data=st.data(), ssh=st.booleans())
    def cut_off(self, data: Any, ssh: bool) -> None:
        faults.cut_off(self.world, self._drawn(data, self._machines(on=True)), ssh=ssh)

    @precondition(lambda self: any(m.side for m in self.world.machines.values()))
    @rule()
    def heal(self) -> None:
        faults.heal(self.world)

    # Our hand.

    @rule(crash=CRASHES)
    def up(self, crash: Crash | None) -> None:
        self.bring_up(crash)

    @rule(crash=CRASHES)
    def up_of_everything(self, crash: Crash | None) -> None:
        self.ask_everything()
        self.bring_up(crash)

    @precondition(lambda self: self.founded)
    @rule(data=st.data(), crash=CRASHES)
    def mend_a_node(self, data: Any, crash: Crash | None) -> None:
        self.host.crash = crash
        self.mend(data.draw(st.sampled_from(self.stack.reachable)))
        self.host.crash = None

    def bring_up(self, crash: Crash | None = None) -> bool:
        self._say(f"UP{f' that breaks off at {crash}' if crash else ''}")
        self.host.crash = crash
        try:
            self.engine.apply(self._plan())
        except FailedError as failed:
            self.world.pass_time(BOOT_S)
            if not crash and self.stack.refused and failed.name.endswith("-apply"):
                hand.left_down(self.world)
            return False
        finally:
            self.host.crash = None
            self.world.pass_time(BOOT_S)
        self.founded = True
        self.moving = ""
        self.stack.rolled_out = self.stack.rotated
        return True

    def _plan(self) -> Plan:
        nodes, settings = self.stack.contents()
        self.host.away = self.stack.away
        return self.host.plan_of(nodes, **settings)

    def mend(self, name: str) -> None:
        """As `pulumi up --target-replace` of one node's commands does. Nobody may do that while the
        whole cluster is down: a creation may found, and the node cannot know better."""
        mode: Mode = "create" if self.world.leaders else "update"
        self._say(f"MEND {name}")
        commands = self._plan().commands
        for action in ("prepare", "leave", "apply"):
            command = commands[f"{name}-{action}"]
            if self.host.run(command, mode).status != 0:
                return
            self.engine.known[f"{name}-{action}"] = command

    def ask_everything(self) -> None:
        """Whatever runs on a node runs again, as after a boot or with --target-replace."""
        for name, command in self.engine.known.items():
            if name.endswith(("-prepare", "-apply")) and not command.unchanging:
                former = {**command.inputs, "boot": "another"}
                self.engine.known[name] = dataclasses.replace(command, inputs=former)

    # What holds.

    @invariant()
    def nothing_is_broken(self) -> None:
        self.world.pass_time(BOOT_S)
        assert not self.world.breaches, self.story()
        assert self.world.survives(), f"data is lost\n{self.story()}"

    def teardown(self) -> None:
        try:
            if hasattr(self, "stack") and not self.world.breaches:
                self.converges()
        finally:
            self.host.close()

    def converges(self) -> None:
        self._say("QUIET")
        self.stack.refused = False
        self._calm_nature()
        # A rotation goes step by step.
        wanted, self.stack.rotated = self.stack.rotated, self.stack.rolled_out
        for name in self._sick():
            self.mend(name)
        for step in range(self.stack.rotated, wanted + 1):
            self.stack.rotated = step
            for _ in range(UPS_TO_CONVERGE):
                if self.bring_up() and not self._wrong():
                    break
                # What was cut off and taken back is a change that the engine knows nothing of.
                if self._with_other_flags():
                    self.ask_everything()
        self.nothing_is_broken()
        assert not self._wrong(), f"{self._wrong()}\n{self.story()}"
        assert self.bring_up(), self.story()
        assert not self.engine.ran, f"not done: {list(self.engine.ran)}\n{self.story()}"

    def _calm_nature(self) -> None:
        """Who is away for good is dropped; all others are back."""
        faults.heal(self.world)
        for machine in self._machines(on=False):
            if self._given_up(machine.name) and self.world.survives(without=machine):
                self.stack.drop(machine.name)
            else:
                faults.power_on(self.world, machine)
        self.stack.away.clear()
        self.world.pass_time(BOOT_S)

    def _wrong(self) -> list[str]:
        """What the cluster is not as the stack file says."""
        log = self.world.living()
        if log is None:
            return ["it does not live"]
        config = log.config()
        there = {(config[number].name, config[number].peer_url) for number in voters(config)}
        wanted = self.stack.peers()
        wrong = [] if there == wanted else [f"members are {sorted(there)}, not {sorted(wanted)}"]
        wrong += [f"a learner is left: {config}"] if len(voters(config)) < len(config) else []
        wrong += [f"{name} is not healthy" for name in self._sick()]
        return wrong + [f"{name} runs with other flags" for name in self._with_other_flags()]

    def _with_other_flags(self) -> list[str]:
        flag = str(self.stack.flag)
        processes = [(n, self.world.machines[n].process) for n in self.stack.reachable]
        return [name for name, process in processes if process and process.flag != flag]

    def _sick(self) -> list[str]:
        named = self.stack.reachable
        return [name for name in named if not self.world.follows(self.world.machines[name])]

    # Who is meant.

    def _drawn(self, data: Any, machines: list[Machine]) -> Machine:
        return self.world.machines[data.draw(st.sampled_from([m.name for m in machines]))]

    def _machines(self, *, on: bool) -> list[Machine]:
        return [
            machine
            for machine in self.world.machines.values()
            if machine.on is on and (machine.root.exists() if on else self._is_ours(machine))
        ]

    def _is_ours(self, machine: Machine) -> bool:
        """Given up as away, it does not come back."""
        leave = self.engine.known.get(f"{machine.name}-leave")
        return machine.name in self.stack.nodes or (leave is not None and not leave.retained)

    def _strayed(self) -> list[str]:
        return [name for name in self.stack.reachable if self._is_lost(name)]

    def _is_lost(self, name: str) -> bool:
        """Neither is a command of its node of any use."""
        machine = self.world.machines[name]
        return not machine.answers_controller or (self.founded and not machine.root.exists())

    def _droppable(self) -> list[str]:
        """Somebody stays, and a machine that cannot leave is said to be away first."""
        names = [name for name in self.stack.nodes if self._known_without(name)]
        return [name for name in names if self._given_up(name) or not self._is_lost(name)]

    def _movable(self) -> list[str]:
        names = sorted(self.stack.nodes)
        return names if len(names) == 1 else [name for name in names if self._known_without(name)]

    def _known_without(self, name: str) -> bool:
        """Not all of a cluster's machines are replaced at once: one that lives stays named, and
        where it is, or who is named could ask nobody."""
        left = [other for other in self.stack.reachable if other not in {name, self.moving}]
        return any(
            f"{other}-apply" in self.engine.known
            and self.world.machines[other].copy_number is not None
            for other in left
        )

    def _given_up(self, name: str) -> bool:
        """An `up` has seen that it is away, and remembers it when its name is gone."""
        leave = self.engine.known.get(f"{name}-leave")
        return name in self.stack.away and leave is not None and leave.retained

    def _spendable(self) -> list[Machine]:
        machines = self.world.machines.values()
        able = [machine for machine in machines if faults.may_lose_disk(self.world, machine)]
        return [machine for machine in able if self._known_without(machine.name)]

    def _say(self, what: str) -> None:
        self.world.tell(f"=== {what}")

    def story(self) -> str:
        return "\n".join(["", *self.world.history, *self.world.breaches])
