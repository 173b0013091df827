"""Nodes of one test on this machine: recorded commands run as the command plugin runs them."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from tests.node.processes import (
    environment,
    is_etcd,
    kill_session,
    processes_below,
    signal_below,
    start_time,
)
from tests.node.program import Plan, Program, Resource
from tests.node.stack_files import stack_file
from toolchain.layout import Layout

REPOSITORY = Path(__file__).resolve().parents[2]
BINARIES = Layout(REPOSITORY).home / "etcd"
VERSION = "3.6.16"
RUN_TIMEOUT_S = 120
Mode = Literal["create", "update", "delete"]


@dataclass(frozen=True)
class Shell:
    """`path` holds every command that a node has, `sh` among them."""

    name: str
    path: str
    sh: str


@dataclass(frozen=True)
class Said:
    """What a run ended with."""

    status: int
    output: str
    errors: str

    def ok(self) -> Self:
        """Itself, if it succeeded."""
        assert self.status == 0, self
        return self

    def failed(self, *words: str) -> Self:
        """Itself, if it failed and says these words."""
        assert self.status != 0, self
        for word in words:
            assert word in self.errors, f"{word!r} is not said: {self}"
        return self


@dataclass(frozen=True)
class Done(Said):
    """A finished run of a command."""

    seconds: float


@dataclass
class Machine:
    """A project folder, a loopback network and a shell; commands run there one at a time."""

    folder: Path
    network: str
    shell: Shell
    program: Program = field(init=False)
    nodes: int = 3

    def __post_init__(self) -> None:
        self.program = Program(self.folder)

    def plan(self, **settings: Any) -> Plan:
        """What an `up` would ask the engine for now."""
        nodes = {node: {"address": self.address(node)} for node in self.node_names}
        return self.plan_of(nodes, **settings)

    def plan_of(self, nodes: Mapping[str, Any], **settings: Any) -> Plan:
        """The same with these nodes."""
        defaults = {"root": "nodes", "install": {"directory": str(BINARIES)}}
        return self.program.up({**stack_file(), **defaults, **settings, "nodes": nodes})

    def start(
        self,
        command: Resource,
        mode: Mode,
        *,
        first_on_path: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[str]:
        """The command as the plugin starts it, in a session of its own."""
        path = f"{first_on_path}:{self.shell.path}" if first_on_path else self.shell.path
        process = subprocess.Popen(
            [self.shell.sh, "-c", command.inputs[mode]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": path, **(variables or {})},
            start_new_session=True,
        )
        assert process.stdin
        with contextlib.suppress(BrokenPipeError):  # it may end before it has read everything
            process.stdin.write(command.inputs["stdin"])
            process.stdin.close()
        process.stdin = None
        return process

    def run(self, command: Resource, mode: Mode, **how: Any) -> Done:
        """The command until it has ended."""
        started = time.monotonic()
        process = self.start(command, mode, **how)
        try:
            output, errors = process.communicate(timeout=RUN_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            kill_session(process.pid)
            raise
        return Done(process.returncode, output, errors, time.monotonic() - started)

    def up(self, mode: Mode, plan: Plan | None = None) -> dict[str, Done]:
        """All commands in an order that the plan allows, until one fails; results by name."""
        commands = (plan or self.plan()).commands
        names = [f"{node}-{action}" for action in ("prepare", "apply") for node in self.node_names]
        done: dict[str, Done] = {}
        for name in [*names, "health"]:
            done[name] = self.run(commands[name], mode)
            if done[name].status != 0:
                break
        return done

    def found(self, **settings: Any) -> Plan:
        """The first `up`; its plan."""
        plan = self.plan(**settings)
        for done in self.up("create", plan).values():
            done.ok()
        return plan

    @property
    def node_names(self) -> list[str]:
        return [f"etcd{n}" for n in range(1, self.nodes + 1)]

    def address(self, node: str) -> str:
        return f"{self.network}.{node.removeprefix('etcd')}"

    def root(self, node: str) -> Path:
        return self.folder / "nodes" / node

    def pid(self, node: str) -> int:
        """etcd's, as the kernel knows it; fails unless there is exactly one."""
        found = [pid for pid, words in processes_below(self.root(node)).items() if is_etcd(words)]
        assert len(found) == 1, f"{node} has etcd processes {found}"
        return found[0]

    def starts(self) -> dict[str, tuple[int, str]]:
        """Pid and start time of every etcd: the same as before means that nothing was restarted."""
        return {node: (self.pid(node), start_time(self.pid(node))) for node in self.node_names}

    def environment(self, node: str) -> dict[int, dict[str, str]]:
        """The environment of every process of a node, by pid."""
        return {pid: environment(pid) for pid in processes_below(self.root(node))}

    def files(self, node: str) -> dict[str, str]:
        """Everything that scripts write below a node: the content or a link's target by path."""
        root = self.root(node)
        return {
            str(path.relative_to(root)): _content(path)
            for part in ("etc", "state", "bin")
            for path in (root / part).rglob("*")
            if path.is_symlink() or path.is_file()
        }

    def kill_node(self, node: str) -> None:
        """Ends a node's supervisord and etcd for good, as a power cut does."""
        signal_below(self.root(node), signal.SIGKILL)

    def freeze_node(self, node: str) -> None:
        """The node's processes are there, but do nothing."""
        signal_below(self.root(node), signal.SIGSTOP)

    def end(self) -> None:
        """No process of this test is left."""
        while processes_below(self.folder):
            signal_below(self.folder, signal.SIGKILL)
            time.sleep(0.05)


def _content(path: Path) -> str:
    return str(path.readlink()) if path.is_symlink() else path.read_bytes().decode(errors="replace")
