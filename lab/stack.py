"""This project's own program in a temporary folder: a real cluster on the real engine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import unquote, urlsplit

import yaml

from components.spec.reading.stack_text import CONFIG_KEY, STANDINS_KEY
from lab.loopback import own_network
from lab.phases import Phase, phase
from toolchain.dev_stack import state_url
from toolchain.layout import Layout

REPOSITORY = Path(__file__).resolve().parents[1]
LAYOUT = Layout(REPOSITORY)
STACK = "t"
PASSPHRASE = "a pass phrase of the tests"
TIMEOUT_S = 600
END_LIMIT_S = 20
_NOT_KEPT = ("PULUMI_", "ETCD", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Result:
    """What the engine answered."""

    status: int
    output: str

    def ok(self) -> Result:
        """Itself, if the call succeeded."""
        assert self.status == 0, self.output
        return self


@phase("ask")
def printed_document(
    folder: Path, environment: Mapping[str, str], *arguments: str
) -> dict[str, Any]:
    """What the engine prints as JSON. Libraries of its backend may warn beside it."""
    done = subprocess.run(
        ["pulumi", *arguments, "--non-interactive"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


class Secrets(TypedDict, total=False):
    """Who encrypts a stack's secrets, in place of a pass phrase."""

    secrets_provider: str
    extra_environment: dict[str, str]


@dataclass
class EtcdStack:
    """One stack of this project. `spec` is the stack file's cluster object: unless that says
    otherwise, it protects and keeps what a user's does, though stand-ins may serve it."""

    folder: Path
    backend: str = ""
    secrets_provider: str = "passphrase"
    extra_environment: dict[str, str] = field(default_factory=dict)
    spec: dict[str, Any] = field(default_factory=dict)
    founded: bool = False

    def __post_init__(self) -> None:
        network = own_network()
        self.spec = {
            "name": "t",
            "version": "3.6.16",
            "transport": "local",
            "runtime": "supervisor",
            "consumers": ["apiserver"],
            "nodes": {f"etcd{n}": {"address": f"{network}.{n}"} for n in (1, 2, 3)},
            **self.spec,
        }
        shutil.copytree(
            REPOSITORY / "components",
            self.folder / "components",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        for name in ("__main__.py", "Pulumi.yaml"):
            shutil.copy(REPOSITORY / name, self.folder / name)
        (self.folder / ".toolchain").symlink_to(LAYOUT.home)
        (self.folder / "stacks").mkdir()
        self.backend = self.backend or f"file://{self.folder}/state"
        if self.backend.startswith("file://"):
            state = Path(self.backend.removeprefix("file://"))
            state.mkdir()
            self.backend = state_url(state)
        (self.folder / "passphrase").write_text(PASSPHRASE)

    @property
    def environment(self) -> dict[str, str]:
        """What `.toolchain/env` sets, for this stack; nothing else of Pulumi's or etcd's. Python
        keeps what it has compiled of the program, as in a project that stays in its place."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_KEPT)}
        return {
            **kept,
            "PATH": f"{LAYOUT.bin}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(LAYOUT.pulumi_home),
            "PULUMI_BACKEND_URL": self.backend,
            "PULUMI_STACK": STACK,
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(self.folder / "passphrase"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **self.extra_environment,
        }

    @property
    def stack_file(self) -> Path:
        """The stack's configuration."""
        return self.folder / "stacks" / f"Pulumi.{STACK}.yaml"

    def create(self) -> EtcdStack:
        """Creates the stack in its backend, and its stack file."""
        self.run("stack", "init", STACK, "--secrets-provider", self.secrets_provider).ok()
        return self.change()

    def change(self, **changes: Any) -> EtcdStack:
        """Writes the stack file with `changes` to the spec."""
        self.spec = {**self.spec, **changes}
        text = self.stack_file.read_text() if self.stack_file.exists() else ""
        document = yaml.safe_load(text) or {}
        # What may be lost as a whole needs no further word, as in the dev stack's file.
        mark = {} if self.spec.get("throwaway") is True else {STANDINS_KEY: True}
        document["config"] = {**mark, CONFIG_KEY: self.spec}
        self.stack_file.write_text(yaml.safe_dump(document, sort_keys=False))
        return self

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts the engine; both of its outputs come as one."""
        return subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> Result:
        """Runs the engine to its end."""
        with phase(self.phase_of(arguments[0])):
            process = self.start(*arguments)
            output, _ = process.communicate(timeout=TIMEOUT_S)
        self.founded |= arguments[0] == "up" and process.returncode == 0
        return Result(process.returncode, output)

    def phase_of(self, command: str) -> Phase:
        """What a command of the engine, or of `ops`, spends its time on."""
        if command == "up":
            return "change" if self.founded else "found"
        return "destroy" if command in ("destroy", "down") else "ask"

    def up(self, *arguments: str) -> Result:
        """`pulumi up` without a question."""
        return self.run("up", "--yes", "--skip-preview", "--suppress-outputs", *arguments)

    def destroy(self) -> Result:
        """`pulumi destroy` without a question, and without what is protected."""
        return self.run(*self.destroying, "--suppress-outputs")

    @property
    def destroying(self) -> tuple[str, ...]:
        """The engine's command, as `ops down` gives it."""
        keep = () if self.spec.get("throwaway") else ("--exclude-protected",)
        return ("destroy", "--yes", "--skip-preview", *keep)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets included."""
        return self.document("stack", "output", "--json", "--show-secrets")

    def document(self, *arguments: str) -> dict[str, Any]:
        """What the engine prints as JSON."""
        return printed_document(self.folder, self.environment, *arguments)

    def node_folder(self, node: str) -> Path:
        """Where a node keeps its files."""
        return self.folder / str(self.spec.get("root", ".dev/nodes")) / node

    def pids(self) -> dict[str, int]:
        """The etcd process of each node."""
        return {
            node: int((self.node_folder(node) / "state" / "etcd.pid").read_text())
            for node in self.spec["nodes"]
        }

    def down(self) -> tuple[str, ...]:
        """The nodes whose etcd is not there; its pid may be another process's by now."""
        return tuple(node for node, pid in self.pids().items() if not self._is_etcd_of(node, pid))

    def _is_etcd_of(self, node: str, pid: int) -> bool:
        try:
            return f"{self.node_folder(node)}/" in Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            return False

    def client_files(self, consumer: str = "operator") -> list[str]:
        """etcdctl's flags for a consumer, with files made from the outputs alone."""
        outputs = self.outputs()
        folder = self.folder / f"client-{consumer}"
        folder.mkdir(mode=0o700, exist_ok=True)
        pair = outputs["consumers"][consumer]
        texts = {"cacert": outputs["ca_bundle"], "cert": pair["certificate"], "key": pair["key"]}
        for name, text in texts.items():
            path = folder / f"{name}.pem"
            path.touch(mode=0o600)
            path.write_text(text)
        flags = [f"--{name}={folder}/{name}.pem" for name in texts]
        return [f"--endpoints={','.join(outputs['endpoints'])}", *flags]

    def etcdctl(self, *arguments: str, consumer: str = "operator") -> str:
        """etcdctl with only what the outputs say."""
        process = subprocess.run(
            ["etcdctl", *self.client_files(consumer), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    def remove(self) -> None:
        """Takes away what a test has left: pods, or processes of this machine, and the state with
        what is protected in it. Hosts go back as a whole."""
        if self.spec.get("transport") == "kubernetes":
            self.run("cancel", "--yes")
            self.destroy()
        deadline_s = time.monotonic() + END_LIMIT_S
        # More than once: supervisord may have started another etcd meanwhile.
        while (pids := self._processes()) and time.monotonic() < deadline_s:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)
        if self.backend.startswith("file://"):
            shutil.rmtree(unquote(urlsplit(self.backend).path), ignore_errors=True)

    def _processes(self) -> list[int]:
        """Those that name a folder of this stack. Of one that has ended nothing can be read."""
        nodes = self.node_folder("any").parent
        folders = [os.fsencode(f"{folder}/") for folder in (self.folder, nodes)]
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                command = path.read_bytes()
                if any(folder in command for folder in folders):
                    found.append(int(path.parent.name))
        return found


def started_at(pid: int) -> int:
    """When a process started, in clock ticks since boot: the same pid and time is the same run."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
