"""A stack of machines that do not exist, as if it had been brought up."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from lab.releases import real_release
from lab.stack import LAYOUT, EtcdStack

# As many as one cluster should have at most.
PER_CLUSTER = 5
_HERE = Path(__file__).parent
_START = f'#!/bin/sh\nexec {LAYOUT.python} {_HERE / "plugin.py"} "$@"\n'


def fleet(folder: Path, hosts: int) -> EtcdStack:
    """So many hosts, in clusters of three or five. RuntimeError if it cannot be created."""
    size = min(hosts, PER_CLUSTER)
    key, host_key = _key_pair(folder)
    release = real_release()
    spec = {
        "copies": hosts // size,
        "transport": "ssh",
        "runtime": "systemd",
        "ssh": {"private_key": key},
        "install": {
            "method": "push",
            "url": release.path.as_uri(),
            "sha256": {"amd64": release.sha256},
        },
        "nodes": {f"etcd{n}": {"host_key": host_key} for n in range(1, size + 1)},
    }
    project = folder / "project"
    project.mkdir()
    stack = EtcdStack(project, spec=spec)
    shutil.copy(_HERE / "program.py", project / "__main__.py")
    stack.create()
    stack.extra_environment = _nobody_is_dialled(folder / "home")
    created = stack.up()
    if created.status != 0:
        raise RuntimeError(created.output)
    stack.extra_environment = {}
    return stack


def _nobody_is_dialled(home: Path) -> dict[str, str]:
    """The variables with which the engine takes this folder's command plugin."""
    plugins = LAYOUT.pulumi_home / "plugins"
    for program in plugins.glob("resource-*/pulumi-resource-*"):
        copied = home / "plugins" / program.parent.name / program.name
        copied.parent.mkdir(parents=True)
        if program.name == "pulumi-resource-command":
            copied.write_text(_START)
            copied.chmod(0o700)
        else:
            copied.symlink_to(program)
    return {
        "PULUMI_HOME": str(home),
        # What is written after each of some thousand steps would take most of the time.
        "PULUMI_EXPERIMENTAL": "true",
        "PULUMI_SKIP_CHECKPOINTS": "true",
    }


def _key_pair(folder: Path) -> tuple[str, str]:
    path = folder / "key"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)]
    subprocess.run(command, check=True)
    return path.read_text(), path.with_suffix(".pub").read_text().strip()
