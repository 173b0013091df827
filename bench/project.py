"""A copy of this project in a temporary folder, with a stack on loopback addresses of its own.

The person's dev stack is never touched: other addresses, other folder, other state.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from toolchain.dev_stack import state_url

REPOSITORY = Path(__file__).resolve().parents[1]
STACK = "dev"
_PARTS = ("components", "ops", "toolchain", "stacks", "__main__.py", "Pulumi.yaml")
_NETWORK = "127.0.43"
_CLUSTER = "etcd-cluster:cluster"


@dataclass(frozen=True)
class Project:
    """The copy. Commands run as a person's would, with what `.toolchain/env` sets."""

    folder: Path
    environment: dict[str, str]

    def ops(self, *args: str) -> subprocess.Popen[str]:
        """Start `python -m ops …`; its output comes as one stream."""
        return subprocess.Popen(
            [sys.executable, "-m", "ops", *args, f"--stack={STACK}"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *args: str) -> str:
        """`ops` to its end; RuntimeError with its output if it fails."""
        process = self.ops(*args)
        output, _ = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(output)
        return output

    def change(self, **settings: Any) -> None:
        """Change settings of the stack file's cluster."""
        path = self.folder / "stacks" / f"Pulumi.{STACK}.yaml"
        document = yaml.safe_load(path.read_text())
        document["config"][_CLUSTER].update(settings)
        path.write_text(yaml.safe_dump(document, sort_keys=False))

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets included."""
        command = ["pulumi", "stack", "output", "--json", "--show-secrets", f"--stack={STACK}"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, check=True, capture_output=True
        )
        outputs: dict[str, Any] = json.loads(done.stdout)
        return outputs

    def pids(self) -> dict[str, int]:
        """The etcd process of each member that has one at this moment."""
        found = {}
        for path in self.folder.glob(".dev/nodes/*/state/etcd.pid"):
            text = path.read_text().strip()
            if text:
                found[path.parents[1].name] = int(text)
        return found


@contextmanager
def project() -> Iterator[Project]:
    """The copy, taken down and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="etcd-bench-") as name:
        folder = Path(name)
        _copy(folder)
        made = Project(folder, _environment(folder))
        made.change(nodes={f"etcd{n}": {"address": f"{_NETWORK}.{n}"} for n in (1, 2, 3)})
        try:
            yield made
        finally:
            if (folder / ".dev").exists():
                made.run("down")


def _copy(folder: Path) -> None:
    for part in _PARTS:
        source = REPOSITORY / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    (folder / ".toolchain").symlink_to(REPOSITORY / ".toolchain")


def _environment(folder: Path) -> dict[str, str]:
    """What `.toolchain/env` sets, but with the copy's own state."""
    script = '. "$0" && env -0'
    env = REPOSITORY / ".toolchain" / "env"
    if not env.exists():
        raise RuntimeError("no toolchain yet: run `make setup` first")
    shown = subprocess.run(["sh", "-c", script, env], check=True, capture_output=True).stdout
    pairs = (entry.partition("=") for entry in os.fsdecode(shown).split("\0") if entry)
    return {name: value for name, _, value in pairs if not name.startswith("ETCDCTL_")} | {
        "PULUMI_BACKEND_URL": state_url(folder / ".dev" / "state"),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(folder / "stacks" / f"{STACK}.passphrase"),
    }
