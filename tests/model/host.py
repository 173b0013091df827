"""The engine's commands on the machines of a simulated cluster."""

from __future__ import annotations

import base64
import io
import shutil
import tarfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.model import etcdctl, hand
from tests.model.machines import Machine
from tests.model.script_requests import Answer, Crash, Requests
from tests.model.start import start
from tests.model.world import World
from tests.node.machine import Done, Mode
from tests.node.program import Plan, Program, Resource
from tests.node.stack_files import stack_file

SIMULATED = Path(__file__).parent / "simulated"
NETWORK = "127.50.0"
NAMES = [f"etcd{number}" for number in range(1, 6)]
NOT_REACHED = Done(255, "", "the machine is not reached", 0)
SCRIPTS = "scripts.tar.gz"
# A script that waits in vain asks ten times, not six hundred.
POLL_S = 3


class Programs:
    """The program's plans by its stack files. Making one costs more than running it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._programs: dict[str, Program] = {}
        self._plans: dict[str, Plan] = {}

    def plan(self, founders: str, nodes: Mapping[str, Any], settings: Mapping[str, Any]) -> Plan:
        """`founders`: whose cluster; it is remembered as a state does."""
        key = f"{founders} {nodes} {settings}"
        if key not in self._plans:
            program = self._programs.setdefault(founders, Program(self._folder))
            defaults = {"root": "nodes", "install": {"directory": "/simulated"}}
            wanted = {**stack_file(), **defaults, **settings, "nodes": nodes}
            self._plans[key] = program.up(wanted)
        return self._plans[key]


class Host:
    """Runs a command as an engine does, without a network in between."""

    def __init__(self, programs: Programs, folder: Path, mutate: Mapping[str, tuple[str, str]]):
        self.folder = folder
        self.world = World(folder, NAMES)
        self.crash: Crash | None = None
        self.founders = ""
        self.away: set[str] = set()  # by the stack file
        self.programs = programs
        self._mutate = mutate
        shutil.copytree(SIMULATED, folder, dirs_exist_ok=True)
        self._requests = Requests(folder)

    def close(self) -> None:
        self._requests.close()

    def address(self, name: str) -> str:
        return f"{NETWORK}.{name[-1]}"

    def plan_of(self, nodes: Mapping[str, Any], **settings: Any) -> Plan:
        self.founders = self.founders or " ".join(nodes)
        return self.programs.plan(self.founders, nodes, settings)

    def run(self, command: Resource, mode: Mode, **_: Any) -> Done:
        action = command.name.rpartition("-")[2]
        machine = self._machine_of(command)
        if not machine.answers_controller:
            return NOT_REACHED
        talked = hand.acquainted(self.world)
        before = {name: m.copy_number for name, m in self.world.machines.items()}
        self.world.tell(f"-- {mode} {command.name} on {machine.name}")
        if action == "prepare":
            done = self._prepare(machine, command, mode)
        elif action == "rehearse" or (action == "leave" and mode != "delete"):
            # What a rehearsal would refuse is left to the restart: the way back is the model's.
            done = Done(0, "", "", 0)
        else:
            done = self._script(machine, command, action, mode)
        for line in (done.output + done.errors).splitlines():
            self.world.tell(f"   {line}")
        hand.data(self.world, before)
        hand.estranges(self.world, talked, self.away)
        return done

    def _machine_of(self, command: Resource) -> Machine:
        return self.world.machines[_settings(command.inputs["stdin"])["name"]]

    def _prepare(self, machine: Machine, command: Resource, mode: Mode) -> Done:
        """What it and its deletion come to here; tests/model/keeping.py runs them as they are."""
        if mode == "delete":
            hand.stop(self.world, machine)
            shutil.rmtree(machine.root, ignore_errors=True)
            return Done(0, "", "", 0)
        brought = self.folder / "brought"
        if not brought.exists():
            self._write(brought, _files(command.inputs["stdin"]))
            shutil.make_archive(str(brought), "gztar", brought, "scripts")
        programs = machine.root / "bin" / _settings(command.inputs["stdin"])["version"]
        for folder in (
            *(machine.root / name for name in ("etc", "data", "state", "log")),
            programs,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        for tool in ("etcdctl", "etcdutl"):
            if not (programs / tool).exists():
                (programs / tool).symlink_to(self.folder / tool)
        shutil.copy(f"{brought}.tar.gz", machine.root / "state" / SCRIPTS)
        return Done(0, "", "", 0)

    def _script(self, machine: Machine, command: Resource, action: str, mode: Mode) -> Done:
        work = self.folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        self._write(work, _files(command.inputs["stdin"]))
        if not (work / "scripts").exists():
            shutil.unpack_archive(machine.root / "state" / SCRIPTS, work, filter="data")
        crash, self.crash = self.crash, None
        words = ["sh", str(work / "scripts" / "main.sh"), action, mode]
        return self._requests.run(words, lambda asked: self._answer(machine, action, asked), crash)

    def _write(self, folder: Path, files: Mapping[str, bytes]) -> None:
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(self._mutated(path, content))
        for runtime in folder.glob("scripts/runtimes/*.sh"):
            # In the place of the real one.
            shutil.copy(SIMULATED / "runtime.sh", runtime)

    def _mutated(self, path: str, content: bytes) -> bytes:
        if path == "settings":
            # Nodes on machines of their own have no neighbours whose sockets they could see.
            lines = content.decode().splitlines()
            kept = [
                line.partition("=")[0] + "=" if line.startswith("neigh") else line for line in lines
            ]
            return "".join(f"{line}\n" for line in kept).encode()
        if path in self._mutate:
            old, new = self._mutate[path]
            assert old in content.decode(), f"{path} has no {old!r} any more"
            return content.decode().replace(old, new).encode()
        return content

    def _answer(self, machine: Machine, action: str, asked: list[str]) -> Answer:
        world = self.world
        world.write()
        match asked:
            case ["etcdctl", *arguments]:
                return etcdctl.answer(world, machine, action, arguments)
            case ["etcdutl", "snapshot", "status", _]:
                return 0, "abcd, 5, 7, 20 kB"
            case ["start"] | ["restart"]:
                hand.change_version(world, machine)
                hand.stop(world, machine)
                world.tell(f"our hand starts {machine.name}")
                start(world, machine)
            case ["stop"]:
                hand.stop(world, machine)
            case ["sleep"]:
                world.pass_time(POLL_S)
            case ["listening", _]:
                return int(machine.process is None), ""
            case ["date", *_]:
                return 0, f"at-{world.now_s}-{len(world.history)}"
        return 0, ""


def _settings(stdin: str) -> dict[str, str]:
    lines = _files(stdin)["settings"].decode().splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


@cache
def _files(stdin: str) -> dict[str, bytes]:
    _, _, archived = stdin.partition("\n")
    with tarfile.open(fileobj=io.BytesIO(base64.b64decode(archived)), mode="r:gz") as archive:
        return {e.name: archive.extractfile(e).read() for e in archive.getmembers() if e.isfile()}
