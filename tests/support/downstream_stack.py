"""The program of `examples/downstream` beside a stack of the tests, on the same engine."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lab.stack import REPOSITORY, STACK, TIMEOUT_S, EtcdStack, Result, printed_document

PROGRAM = REPOSITORY / "examples" / "downstream"
PROJECT = "control-plane"


@dataclass
class DownstreamStack:
    """One stack of that program; everything that it writes lies below `root`."""

    upstream: EtcdStack
    secrets_provider: str
    extra_environment: dict[str, str] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    name: str = "downstream"

    def __post_init__(self) -> None:
        shutil.copytree(PROGRAM, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        self.config = {
            "standins": True,
            "etcd": f"organization/etcd-cluster/{STACK}",
            "consumer": "apiserver",
            "root": str(self.root),
            "image": "registry.example.org/kube-apiserver:v1.34.2",
            "flags": ["--authorization-mode=RBAC"],
            **self.config,
        }

    @property
    def folder(self) -> Path:
        """The program, as far below the checkout as in this one."""
        return self.upstream.folder / "examples" / self.name

    @property
    def root(self) -> Path:
        """In the place of the machine's own root folder."""
        return self.folder / "machine"

    @property
    def environment(self) -> dict[str, str]:
        """The upstream's, for the same backend."""
        return self.upstream.environment | {"PULUMI_STACK": self.name} | self.extra_environment

    @property
    def stack_file(self) -> Path:
        """The stack's configuration."""
        return self.folder / "stacks" / f"Pulumi.{self.name}.yaml"

    def create(self) -> DownstreamStack:
        """Creates the stack in its backend, and its stack file."""
        self.run("stack", "init", self.name, "--secrets-provider", self.secrets_provider).ok()
        return self.change()

    def change(self, **changes: Any) -> DownstreamStack:
        """Writes the stack file with `changes` to the configuration."""
        self.config = {**self.config, **changes}
        text = self.stack_file.read_text() if self.stack_file.exists() else ""
        document = yaml.safe_load(text) or {}
        document["config"] = {f"{PROJECT}:{key}": value for key, value in self.config.items()}
        self.stack_file.write_text(yaml.safe_dump(document, sort_keys=False))
        return self

    def run(self, *arguments: str) -> Result:
        """Runs the engine to its end; both of its outputs as one."""
        process = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        return Result(process.returncode, process.stdout)

    def up(self, *arguments: str) -> Result:
        """`pulumi up` without a question."""
        return self.run("up", "--yes", "--skip-preview", *arguments)

    def destroy(self) -> Result:
        """`pulumi destroy` without a question."""
        return self.run("destroy", "--yes", "--skip-preview")

    @property
    def manifest(self) -> Path:
        """What a kubelet reads."""
        return self.root / "etc/kubernetes/manifests/kube-apiserver.yaml"

    def pod(self) -> dict[str, Any]:
        """The manifest's content."""
        pod: dict[str, Any] = yaml.safe_load(self.manifest.read_text())
        return pod

    def texts(self) -> dict[str, str]:
        """Path on the machine to content, of what etcd's clients need."""
        folder = self.root / "etc/kubernetes/pki/etcd"
        return {f"/{path.relative_to(self.root)}": path.read_text() for path in folder.iterdir()}

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets hidden."""
        return self.document("stack", "output", "--json")

    def document(self, *arguments: str) -> dict[str, Any]:
        """What the engine prints as JSON."""
        return printed_document(self.folder, self.environment, *arguments)
