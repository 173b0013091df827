"""What a lab could leave on this machine, whatever others do there meanwhile."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from lab.kubernetes.groups import hierarchies

# Where Kubernetes and containerd make folders on a machine of their own.
SHARED = ("/var/lib", "/var/log", "/opt", "/usr/libexec", "/etc")
SETTINGS = ("vm.overcommit_memory", "kernel.panic", "kernel.panic_on_oops", "net.ipv4.ip_forward")


def of_run(run: str, bridge: str) -> list[str]:
    """All that carries the run's name, which is in its folder's name too, or the bridge's."""
    links = _ip("-o", "link")
    named = [line for line in links if run in line or f" {bridge}:" in line]
    routes = [line for line in _ip("route") if f" {bridge} " in line]
    mounts = [line for line in Path("/proc/self/mounts").read_text().splitlines() if run in line]
    processes = [text for text in _commands() if run in text]
    groups = [str(path) for root in hierarchies() for path in root.glob(f"*{run}*")]
    return [*named, *routes, *mounts, *processes, *groups]


def of_machine() -> set[str]:
    """What a node could change of the machine itself."""
    settings = [Path("/proc/sys", *name.split(".")) for name in SETTINGS]
    folders = [str(path) for root in SHARED if Path(root).exists() for path in Path(root).iterdir()]
    return {*folders, *(f"{path} {path.read_text().strip()}" for path in settings)}


def _ip(*words: str) -> list[str]:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def _commands() -> list[str]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                found.append(Path("/proc", name, "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue  # it has ended meanwhile
    return found
