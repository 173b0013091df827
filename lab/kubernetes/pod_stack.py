"""A stack of this project whose members are pods of a lab."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lab.kubernetes.lab import Lab
from lab.stack import LAYOUT, EtcdStack, Secrets
from toolchain.versions import DEV_ETCD

START_TIMEOUT_S = 120


def pod_stack(
    lab: Lab,
    folder: Path,
    namespace: str,
    *members: str,
    secrets: Secrets | None = None,
    **spec: Any,
) -> EtcdStack:
    """Created, not yet up, with a namespace of its own. Its kubectl is the lab's, on PATH."""
    lab.kubectl("create", "namespace", namespace).ok()
    folder.mkdir(exist_ok=True)
    programs = folder / "bin"
    programs.mkdir()
    (programs / "kubectl").symlink_to(lab.kubectl.program)
    stack = EtcdStack(folder, **(secrets or {}))
    stack.extra_environment |= {
        "KUBECONFIG": str(lab.kubeconfig),
        "HOME": str(folder),
        "PATH": os.pathsep.join([str(programs), str(LAYOUT.bin), os.environ["PATH"]]),
    }
    stack.spec = pod_spec(lab, namespace, *members, **spec)
    return stack.create()


def pod_spec(lab: Lab, namespace: str, *members: str, **spec: Any) -> dict[str, Any]:
    """The stack file's cluster object."""
    version = spec.get("version", DEV_ETCD)
    repository = lab.etcd_image(version).rpartition(":")[0]
    place = {
        "namespace": namespace,
        "image": repository,
        "storage": {"size": "1Gi"},
        "resources": {"cpu": "50m", "memory": "256Mi"},
        "start_timeout_s": START_TIMEOUT_S,
    }
    return {
        "name": "t",
        "version": version,
        "transport": "kubernetes",
        "quota_mib": 256,
        "kubernetes": {**place, **spec.pop("kubernetes", {})},
        "consumers": ["apiserver"],
        "nodes": {name: {} for name in members or ("etcd0", "etcd1", "etcd2")},
        **spec,
    }
