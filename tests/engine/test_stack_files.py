"""The stack files for machines, previewed by the real engine: nobody is dialled for that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.releases import Release, fake_programs, pack
from lab.stack import REPOSITORY, EtcdStack

pytestmark = pytest.mark.slow

NODES = {
    "kvm": ["etcd1", "etcd2", "etcd3"],
    "pi": ["pi1", "pi2", "pi3"],
    "shared": ["etcd1", "etcd2", "etcd3"],
}


def cluster_of(stack: str) -> dict[str, Any]:
    text = (REPOSITORY / "stacks" / f"Pulumi.{stack}.yaml").read_text()
    cluster: dict[str, Any] = yaml.safe_load(text)["config"]["etcd-cluster:cluster"]
    return cluster


def release_of(folder: Path, version: str) -> Release:
    """In place of the release that this machine would fetch to send it."""
    return pack(fake_programs(folder / "programs", version), version, "arm64", folder / "releases")


@pytest.mark.soak
@pytest.mark.parametrize("name", NODES)
def test_a_preview(name: str, tmp_path: Path) -> None:
    cluster = cluster_of(name)
    if cluster.get("install", {}).get("method") == "push":
        release = release_of(tmp_path, cluster["version"])
        at_hand = {"url": release.path.as_uri(), "sha256": {"arm64": release.sha256}}
        cluster["install"] = {**cluster["install"], **at_hand}
    folder = tmp_path / "project"
    folder.mkdir()
    stack = EtcdStack(folder)
    stack.spec = cluster
    previewed = stack.create().run("preview", "--diff").ok().output
    for node in NODES[name]:
        for command in ("clock", "prepare", "apply"):
            assert f"::{cluster['name']}-{node}-{command}]" in previewed
        assert f"node={node}" in previewed
    assert "PRIVATE KEY" not in previewed
    assert "warning:" not in previewed
