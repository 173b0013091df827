"""A simulated cluster whose data is kept: preparations and retirements are the real ones too."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.model.host import NETWORK, Host, Programs
from tests.model.machines import Machine
from tests.model.script_requests import Crash
from tests.model.world import BOOT_S, World
from tests.node.engine import Engine
from tests.node.machine import Done, Mode
from tests.node.program import Resource

NAMES = ("etcd1", "etcd2", "etcd3")
LEAVING = "etcd1"
VERSIONS = ("3.5.35", "3.6.16")
PROGRAMS = "programs"
QUIET = {"sleep", "date", "listening"}
QUESTIONS = ("get", "alarm list", "endpoint status", "member list")
ETCD = """\
#!/bin/sh
echo "etcd Version: {version}"
"""


@dataclass
class CrashAtChange(Crash):
    """Counts only what changes something: between two changes one moment is as good as another."""

    def comes(self, asked: Sequence[str]) -> bool:
        asks = " ".join(word for word in asked[1:] if not word.startswith("--"))
        if asked[0] in QUIET or (asked[0] == "etcdctl" and asks.startswith(QUESTIONS)):
            return False
        return super().comes(asked)


class KeepingHost(Host):
    """A crash comes in whichever script of who leaves asks for the request of its number."""

    def __init__(
        self, programs: Programs, folder: Path, mutate: Mapping[str, tuple[str, str]]
    ) -> None:
        super().__init__(programs, folder, mutate)
        for version in VERSIONS:
            place = folder / PROGRAMS / version
            place.mkdir(parents=True)
            (place / "etcd").write_text(ETCD.format(version=version))
            (place / "etcd").chmod(0o755)
            for tool in ("etcdctl", "etcdutl"):
                (place / tool).symlink_to(folder / tool)

    def _prepare(self, machine: Machine, command: Resource, mode: Mode) -> Done:
        action = "retire" if mode == "delete" else "prepare"
        return self._script(machine, command, action, mode)

    def _script(self, machine: Machine, command: Resource, action: str, mode: Mode) -> Done:
        crash = self.crash
        if machine.name != LEAVING:
            self.crash = None
        done = super()._script(machine, command, action, mode)
        self.crash = crash if crash and crash.at > 0 else None
        return done

    def _mutated(self, path: str, content: bytes) -> bytes:
        content = super()._mutated(path, content)
        # It measures a disk by a clock, of which a simulation has another.
        return content.replace(b" latency\n", b"\n") if path == "settings" else content


@dataclass
class Saved:
    """A cluster as it was."""

    folder: Path
    world: World
    known: dict[str, Resource]
    spec: dict[str, Any]


class Keeping:
    """Three members, with what a user has who sets nothing; `spec` is what the stack file says."""

    def __init__(
        self, programs: Programs, folder: Path, mutate: Mapping[str, tuple[str, str]]
    ) -> None:
        self.folder = folder
        self.host = KeepingHost(programs, folder, mutate)
        self.engine = Engine(self.host)  # type: ignore[arg-type]
        self.spec: dict[str, Any] = {"names": NAMES, "version": VERSIONS[0], "defragment": "0"}

    @property
    def world(self) -> World:
        return self.host.world

    def up(self) -> None:
        """Raises FailedError."""
        nodes = {name: {"address": f"{NETWORK}.{name[-1]}"} for name in self.spec["names"]}
        self._run(
            lambda: self.engine.apply(
                self.host.plan_of(
                    nodes,
                    on_destroy="keep",
                    version=self.spec["version"],
                    maintenance={"defragment": self.spec["defragment"]},
                    install={"directory": str(self.folder / PROGRAMS)},
                )
            )
        )

    def destroy(self) -> None:
        """Raises FailedError. To be down is what is asked for here."""
        try:
            self._run(self.engine.destroy)
        finally:
            self.world.breaches.clear()

    def _run(self, runs: Callable[[], object]) -> None:
        self.world.tell("=== the engine runs")
        try:
            runs()
        finally:
            self.world.pass_time(BOOT_S)

    def save(self, place: Path) -> Saved:
        shutil.copytree(self.folder / "nodes", place, symlinks=True)
        return Saved(place, _copied(self.world), dict(self.engine.known), dict(self.spec))

    def restore(self, saved: Saved) -> None:
        shutil.rmtree(self.folder / "nodes")
        shutil.copytree(saved.folder, self.folder / "nodes", symlinks=True)
        self.host.world = _copied(saved.world)
        self.engine.known, self.spec = dict(saved.known), dict(saved.spec)
        for machine in self.world.machines.values():
            pid = self.folder / f"pid.{machine.name}"
            pid.unlink(missing_ok=True)
            if machine.process:
                pid.write_text(f"{machine.process.pid}\n")
        self.world.pass_time(0)


def _copied(world: World) -> World:
    found = copy.deepcopy(world)
    led = [machine for machine in found.leaders.values() if machine.process]
    found.leaders = {id(machine.process.copy.log): machine for machine in led if machine.process}
    return found
