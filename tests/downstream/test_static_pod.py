"""The manifest that a kubelet gets, and what changes it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from examples.downstream.restart import restart_digest
from examples.downstream.static_pod import static_pod

GOLDEN = Path(__file__).parent / "golden" / "kube-apiserver.yaml"
PKI = "/etc/kubernetes/pki"
FLAGS = [
    "--etcd-servers=https://10.0.0.11:2379,https://10.0.0.12:2379",
    f"--etcd-cafile={PKI}/etcd/ca.crt",
    f"--etcd-certfile={PKI}/etcd/apiserver.crt",
    f"--etcd-keyfile={PKI}/etcd/apiserver.key",
    f"--service-account-key-file={PKI}/sa.pub",
    "--authorization-mode=Node,RBAC",
]
FILES = {flag.partition("=")[2]: f"text of {flag}" for flag in FLAGS if PKI in flag}
RESTART_ON = [f"{PKI}/etcd/ca.crt"]


def digest(files: Mapping[str, str]) -> str:
    """Of files of etcd and others together."""
    of_etcd = {path: text for path, text in files.items() if "/etcd/" in path}
    own = {path: text for path, text in files.items() if "/etcd/" not in path}
    return restart_digest(of_etcd, RESTART_ON, own)


def test_the_manifest_is_that_of_the_golden_file():
    """`UPDATE_GOLDEN=1 pytest tests/downstream` rewrites it; read the difference."""
    pod = static_pod("example/kube-apiserver:v1", FLAGS, FILES, digest(FILES), "/")
    text = yaml.safe_dump(pod, sort_keys=False, width=200)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_files_lie_below_the_root_on_the_machine_and_where_the_flags_say_in_the_pod():
    pod = static_pod("image", FLAGS, FILES, "digest", "/srv/machine/")
    (volume,) = pod["spec"]["volumes"]
    (mount,) = pod["spec"]["containers"][0]["volumeMounts"]
    assert volume["hostPath"]["path"] == f"/srv/machine{PKI}"
    assert mount["mountPath"] == PKI


@pytest.mark.parametrize(
    ("path", "restarts"),
    [
        (f"{PKI}/etcd/ca.crt", True),
        (f"{PKI}/etcd/apiserver.crt", False),
        (f"{PKI}/etcd/apiserver.key", False),
        (f"{PKI}/sa.pub", True),
    ],
)
def test_a_changed_file_changes_the_digest_where_it_is_read_once(path, restarts):
    changed = digest({**FILES, path: "other"})
    assert (changed != digest(FILES)) is restarts


def test_the_order_of_the_files_is_no_change():
    assert digest(dict(reversed(FILES.items()))) == digest(FILES)
