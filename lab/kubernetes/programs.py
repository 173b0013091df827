"""Where the lab's programs are, and what is missing for a lab on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from lab.hosts.fixtures import missing_packages
from lab.needs import reason
from toolchain import kubernetes
from toolchain.etcd import complete
from toolchain.layout import Layout
from toolchain.versions import DEV_ETCD

PACKAGES = Path(__file__).with_name("packages.txt").read_text().split()
LAYOUT = Layout(Path(__file__).resolve().parents[2])
VERSION = kubernetes.pinned(LAYOUT)
KUBERNETES = LAYOUT.kubernetes(VERSION)


def etcd(version: str = DEV_ETCD) -> Path:
    """The folder of etcd, etcdctl and etcdutl."""
    return LAYOUT.etcd(version)


def missing() -> str | None:
    """Why there can be no lab here; None if there can."""
    if os.geteuid() != 0:
        return "nodes are made by root alone"
    if packages := missing_packages(PACKAGES):
        return reason(packages)
    if not kubernetes.complete(LAYOUT, KUBERNETES):
        return "Kubernetes is not built: make kubernetes"
    if not complete(etcd()):
        return f"etcd is not there: python3 -m toolchain etcd {DEV_ETCD}"
    return None
