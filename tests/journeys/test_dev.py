"""The journey of a cluster on this machine: members under supervisord, on loopback addresses."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.hosts.machine import until
from lab.operations.changes import Change
from lab.ops_run import ops
from lab.stack import EtcdStack
from tests.journeys.machines import Machines
from tests.journeys.protocol import FIRST_VERSION, NEXT_VERSION, Platform
from tests.journeys.steps import journey_steps

pytestmark = pytest.mark.slow

FOUNDERS, ALL = 3, 5
DEATH_LIMIT_S = 10


@dataclass
class DevMachine:
    """A node's folder, and the processes that run in it."""

    name: str
    address: str
    folder: Path

    @property
    def data_parent(self) -> Path:
        return self.folder

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def ours(self) -> Sequence[Path]:
        return (self.folder,)

    def logs(self) -> str:
        files = [path for path in (self.folder / "log").rglob("*") if path.is_file()]
        return "".join(path.read_text(errors="replace") for path in files)

    def pids(self) -> list[int]:
        """Its etcd."""
        return [*self._pids("etcd")]

    def kill(self) -> None:
        """Supervisord first, which would start another etcd."""
        for pid in (*self._pids("supervisord"), *self._pids("etcd")):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not self._alive(), DEATH_LIMIT_S, lambda: f"{self.name} does not die")

    def _alive(self) -> bool:
        return any(Path(f"/proc/{pid}/exe").exists() for pid in self.pids())

    def _pids(self, program: str) -> Iterator[int]:
        with suppress(OSError, ValueError):
            yield int((self.state / f"{program}.pid").read_text())


class Dev(Machines):
    """Nodes are folders; a machine that dies loses its own."""

    name = "dev"

    def __init__(self, folder: Path) -> None:
        # As stacks/Pulumi.dev.yaml has it. Other journeys have what a user has who says nothing.
        stack = EtcdStack(folder, spec={"version": FIRST_VERSION, "throwaway": True})
        network = stack.spec["nodes"]["etcd1"]["address"].rpartition(".")[0]
        nodes = {f"etcd{n}": {"address": f"{network}.{n}"} for n in range(1, ALL + 1)}
        stack.spec["nodes"] = {name: nodes[name] for name in [*nodes][:FOUNDERS]}
        self._dev = [
            DevMachine(name, node["address"], stack.node_folder(name))
            for name, node in nodes.items()
        ]
        super().__init__(stack.create(), self._dev, nodes)

    def upgrade(self) -> Change:
        return {"version": NEXT_VERSION}

    def cut_power(self) -> None:
        """Nothing starts supervisord at boot: a person does."""
        for machine in self._dev:
            machine.kill()
        assert "down though nothing is to change" in ops(self.stack, "up").ok().stdout

    def visits(self) -> dict[str, int]:
        """A script that runs on a node writes below its state folder."""
        folders = {machine.name: machine.state for machine in self._dev}
        return {name: path.stat().st_mtime_ns for name, path in folders.items() if path.exists()}

    def remove(self) -> None:
        self.stack.remove()

    def _die(self, name: str) -> None:
        machine = next(machine for machine in self._dev if machine.name == name)
        machine.kill()
        shutil.rmtree(machine.folder)

    def _set_up_anew(self, name: str) -> None:
        shutil.rmtree(self.stack.node_folder(name), ignore_errors=True)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return Dev(tmp_path_factory.mktemp("dev"))


# Hosts show it in every run, with init systems and with the same scripts.
test_a_cluster_lives_through = journey_steps("dev", in_soak={"return"})
