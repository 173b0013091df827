"""What the real kubeadm says of the block that a stack exports for it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.outputs.clients import ClientPaths
from components.outputs.kubernetes import APISERVER_DIRECTORY, apiserver, kubeadm
from lab.hosts.machine import PATH, Result
from lab.kubernetes import programs
from lab.kubernetes.fixtures import need_lab

pytestmark = pytest.mark.slow
ENDPOINTS = [f"https://10.0.0.1{number}:2379" for number in (1, 2, 3)]
PATHS = ClientPaths.in_directory(APISERVER_DIRECTORY, "apiserver")
EXPORTED = kubeadm(ENDPOINTS, PATHS)
# What it would else ask the internet and this machine for.
REST = f"""\
kubernetesVersion: v{programs.VERSION}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {{advertiseAddress: 10.0.0.1}}
nodeRegistration: {{name: control}}
"""


def run(root: Path, configuration: str, *words: str) -> Result:
    """kubeadm in a root folder of its own."""
    shutil.copy(programs.KUBERNETES / "kubeadm", root)
    (root / "kubeadm.yaml").write_text(configuration)
    command = ["chroot", str(root), "/kubeadm", *words, "--config=/kubeadm.yaml"]
    done = subprocess.run(command, env={"PATH": PATH}, capture_output=True, text=True, check=False)
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture(autouse=True)
def _built() -> None:
    need_lab()


def test_it_takes_the_block(tmp_path: Path) -> None:
    done = run(tmp_path, EXPORTED["yaml"], "config", "validate")
    assert (done.status, done.stdout) == (0, "ok\n"), done.stderr


def mistyped(external: dict[str, Any]) -> None:
    external["endpoint"] = external.pop("endpoints")


def without_scheme(external: dict[str, Any]) -> None:
    external["endpoints"] = ["10.0.0.11:2379"]


def without_certificate(external: dict[str, Any]) -> None:
    del external["certFile"]


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (mistyped, 'unknown field "etcd.external.endpoint"'),
        (without_scheme, "URL parse error"),
        (without_certificate, "either both or none of .Etcd.External.CertFile"),
    ],
)
def test_it_refuses_a_block_that_is_not_right(
    tmp_path: Path, break_it: Callable[[dict[str, Any]], None], reason: str
) -> None:
    document = yaml.safe_load(EXPORTED["yaml"])
    break_it(document["etcd"]["external"])
    done = run(tmp_path, yaml.safe_dump(document), "config", "validate")
    assert done.status != 0
    assert reason in done.stderr


def test_its_apiserver_gets_the_flags_that_are_exported_for_one(tmp_path: Path) -> None:
    phase = ("init", "phase", "control-plane", "apiserver")
    run(tmp_path, EXPORTED["yaml"] + REST, *phase).ok()
    manifest = tmp_path / "etc/kubernetes/manifests/kube-apiserver.yaml"
    (container,) = yaml.safe_load(manifest.read_text())["spec"]["containers"]
    flags = [word for word in container["command"] if word.startswith("--etcd-")]
    assert sorted(flags) == sorted(apiserver(ENDPOINTS, PATHS)["flags"])
