"""Kubernetes for the tests' lab: control plane, node programs, CoreDNS, pause; from Go modules."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

from toolchain import golang, staging
from toolchain.errors import ToolchainError
from toolchain.layout import Layout, is_program
from toolchain.progress import say

PART = "kubernetes"
MODULES = ("kubernetes", "coredns")
OF_KUBERNETES = (
    *("kube-apiserver", "kube-controller-manager", "kube-scheduler"),
    *("kubectl", "kubelet", "kube-proxy", "kubeadm"),
)
PROGRAMS = (*OF_KUBERNETES, "coredns", "pause")
BUILT_FROM = "built-from"


def pinned(layout: Layout) -> str:
    """The version that go.mod pins, as in `1.34.2`."""
    definition = (layout.modules / "kubernetes" / "go.mod").read_text()
    found = re.search(r"\bk8s\.io/kubernetes v(\S+)", definition)
    if not found:
        raise ToolchainError("toolchain/go/kubernetes/go.mod pins no k8s.io/kubernetes")
    return found[1]


def ensure(layout: Layout) -> None:
    """Put all programs into their folder, unless they were built from the same modules before.

    Raises ToolchainError when they cannot be built.
    """
    version = pinned(layout)
    folder = layout.kubernetes(version)
    if complete(layout, folder):
        return
    if sys.platform != "linux":
        raise ToolchainError("Kubernetes nodes need Linux")
    with staging.staged(layout, folder) as target:
        for wrapper in _wrappers(version):
            golang.build(layout, PART, wrapper, target)
        staging.write(target / BUILT_FROM, _origin(layout))
    say(PART, f"{version} built from its Go modules")


def complete(layout: Layout, folder: Path) -> bool:
    """Whether all programs are there, built from the modules as they are now."""
    origin = folder / BUILT_FROM
    return (
        all(is_program(folder / name) for name in PROGRAMS)
        and origin.is_file()
        and origin.read_text() == _origin(layout)
    )


def _wrappers(version: str) -> tuple[golang.Wrapper, ...]:
    kubernetes = tuple(
        golang.Program(name, f"k8s.io/kubernetes/cmd/{name}", _ldflags(version))
        for name in OF_KUBERNETES
    )
    pause = golang.Program("pause", "./pause")
    coredns = golang.Program("coredns", ".")
    return (
        golang.Wrapper("kubernetes", (*kubernetes, pause)),
        golang.Wrapper("coredns", (coredns,)),
    )


def _ldflags(version: str) -> str:
    """What the programs say that they are, which they would not know without their repository."""
    major, minor, _ = version.split(".", 2)
    facts = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor}
    words = [
        f"-X k8s.io/{package}/version.{name}={value}"
        for package in ("component-base", "client-go/pkg")
        for name, value in facts.items()
    ]
    return " ".join(["-s -w", *words])


def _origin(layout: Layout) -> str:
    """Changes with everything that the programs are built from."""
    digest = hashlib.sha256()
    for module in MODULES:
        folder = layout.modules / module
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{path.relative_to(folder)}\0{path.read_text()}\0".encode())
    return digest.hexdigest()
