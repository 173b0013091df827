"""The archive that carries scripts and settings to a shell on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from components.member.files import SCRIPTS, File
from components.member.libraries import with_libraries
from components.member.payload import pack
from components.spec.models.kubernetes import Kubernetes

# Beside those of any member; no file is in both.
SCRIPT_PATH = (Path(__file__).parent / "scripts", SCRIPTS)


def payload(
    action: str, settings: Mapping[str, str], pods: Kubernetes, files: Iterable[File] = ()
) -> str:
    """For one action, with `files`; with the kubeconfig too, if the stack file has one."""
    files = [*files]
    if pods.kubeconfig is not None:
        files.append(File("kubeconfig", pods.kubeconfig.get_secret_value().encode(), 0o600))
    return pack(settings, files, scripts_of(action), SCRIPT_PATH)


def scripts_of(action: str) -> tuple[str, ...]:
    """What an action needs."""
    return with_libraries(["main.sh", f"{action}.sh"], SCRIPT_PATH)
