"""The stack file for Kubernetes, previewed by the real engine against a real API server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.kubernetes.fixtures import need_lab
from lab.kubernetes.lab import Lab
from lab.stack import REPOSITORY, EtcdStack

pytestmark = [pytest.mark.slow, pytest.mark.soak]
KINDS = ("Secret", "ConfigMap", "StatefulSet", "Service", "PodDisruptionBudget", "NetworkPolicy")


def test_a_preview(tmp_path: Path) -> None:
    need_lab()
    text = (REPOSITORY / "stacks" / "Pulumi.kubernetes.yaml").read_text()
    cluster: dict[str, Any] = yaml.safe_load(text)["config"]["etcd-cluster:cluster"]
    # The lab's kubeconfig has one context, of another name.
    place = {**cluster["kubernetes"], "context": "admin"}
    folder = tmp_path / "project"
    folder.mkdir()
    with Lab(tmp_path, nodes=0) as lab:
        (context,) = lab.kubectl("config", "get-contexts", "--output=name").ok().stdout.split()
        lab.kubectl("create", "namespace", place["namespace"]).ok()
        stack = EtcdStack(folder, extra_environment={"KUBECONFIG": str(lab.kubeconfig)})
        stack.spec = {**cluster, "kubernetes": {**place, "context": context}}
        previewed = stack.create().run("preview", "--diff").ok().output
        told = lab.kubectl("-n", place["namespace"], "get", "statefulsets,secrets", "--output=name")
    for kind in KINDS:
        assert f":{kind}:" in previewed
    for node in cluster["nodes"]:
        assert f"node={node}" in previewed
        assert f"image=gcr.io/etcd-development/etcd:v{cluster['version']}" in previewed
    assert "PRIVATE KEY" not in previewed
    assert "warning:" not in previewed
    assert told.ok().stdout == "", "a preview has made something"
