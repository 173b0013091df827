"""The tests' stacks have what a user's have who says nothing: protected, and with data kept."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml

from components.spec import load
from lab.hosts import stack as host_stacks
from lab.kubernetes.lab import Lab
from lab.kubernetes.pod_stack import pod_spec
from lab.stack import EtcdStack
from tests.support.issued import stack_file
from toolchain.standins.guard import refusal

SAYS_SO = {"throwaway", "on_destroy"}


def host_spec(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Of one host that there is not."""
    (folder / "key").write_text("key")
    host = SimpleNamespace(
        name="s1", image="systemd", address="198.18.0.2", host_key="", login_key=folder / "key"
    )
    release = SimpleNamespace(path=folder / "etcd.tar.gz", sha256="0" * 64)
    monkeypatch.setattr(host_stacks, "real_release", lambda _: release)
    return host_stacks.host_spec([cast("Any", host)])


def test_no_default_says_that_data_may_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = cast("Lab", SimpleNamespace(etcd_image=lambda version: f"registry/etcd:{version}"))
    (tmp_path / "project").mkdir()
    specs = {
        "this machine": EtcdStack(tmp_path / "project").spec,
        "hosts": host_spec(tmp_path, monkeypatch),
        "pods": pod_spec(lab, "space"),
        "certificates": stack_file(),
    }
    assert [name for name, spec in specs.items() if SAYS_SO & spec.keys()] == []
    for name in ("this machine", "pods", "certificates"):
        cluster = load(specs[name])
        assert (cluster.throwaway, cluster.on_destroy) == (False, "keep")


def test_stand_ins_serve_them_by_the_mark_alone(tmp_path: Path) -> None:
    stack = EtcdStack(tmp_path).change()
    config = yaml.safe_load(stack.stack_file.read_text())["config"]
    assert refusal("etcd-cluster", "t", config) is None
    del config["etcd-cluster:standins"]
    assert refusal("etcd-cluster", "t", config)
    stack.change(throwaway=True)
    assert [*yaml.safe_load(stack.stack_file.read_text())["config"]] == ["etcd-cluster:cluster"]


def test_what_is_protected_is_left_out_of_destroy(tmp_path: Path) -> None:
    stack = EtcdStack(tmp_path)
    assert "--exclude-protected" in stack.destroying
    stack.spec["throwaway"] = True
    assert "--exclude-protected" not in stack.destroying


def test_what_a_test_leaves_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    folder.mkdir()
    stack = EtcdStack(folder)
    sleep = (sys.executable, "-c", "import time; time.sleep(60)")
    ours = subprocess.Popen([*sleep, str(stack.node_folder("etcd1") / "etc")])
    with subprocess.Popen([*sleep, f"{folder}-of-another/etc"]) as other:
        stack.remove()
        assert other.poll() is None
        other.kill()
    assert ours.wait(timeout=10) == -signal.SIGKILL
    assert not (folder / "state").exists()
