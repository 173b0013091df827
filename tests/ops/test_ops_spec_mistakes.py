"""A mistyped stack file is answered by the spec, also where the stand-ins refuse it first."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ops.stack.spec_mistakes import REFUSAL, spec_report
from tests.spec.stack_files import changed

COMPLAINT = f"{REFUSAL} t: its file has neither"


def stack(folder: Path, cluster: object) -> Path:
    (folder / "Pulumi.yaml").write_text("name: etcd-cluster\n")
    document = {"config": {"etcd-cluster:cluster": cluster}}
    (folder / "Pulumi.t.yaml").write_text(yaml.safe_dump(document))
    return folder


def test_every_mistake_is_said(tmp_path: Path) -> None:
    project = stack(tmp_path, changed(("throwawy", True), ("client_port", "many")))
    found = spec_report(project, "t", COMPLAINT)
    assert found
    assert "did you mean `throwaway`?" in found
    assert "cluster.client_port" in found


@pytest.mark.parametrize("cluster", [None, "hello", []])
def test_a_cluster_that_is_none_is_said(tmp_path: Path, cluster: object) -> None:
    assert spec_report(stack(tmp_path, cluster), "t", COMPLAINT)


def test_a_misspelt_setting_is_said(tmp_path: Path) -> None:
    project = stack(tmp_path, changed())
    file = project / "Pulumi.t.yaml"
    file.write_text(file.read_text().replace("etcd-cluster:cluster", "etcd-cluster:clusters"))
    found = spec_report(project, "t", COMPLAINT)
    assert found
    assert "etcd-cluster:clusters: key etcd-cluster:clusters" in found
    assert "did you mean `etcd-cluster:cluster`?" in found
    assert "nothing given" not in found


def test_a_misspelt_mark_is_said(tmp_path: Path) -> None:
    project = stack(tmp_path, changed())
    file = project / "Pulumi.t.yaml"
    text = file.read_text()
    for line, words in (
        ("etcd-cluster:standin: true", "did you mean `etcd-cluster:standins`?"),
        ("etcd-cluster:standins: yes", 'etcd-cluster:standins: "yes"'),
    ):
        file.write_text(text.replace("config:\n", f"config:\n  {line}\n"))
        found = spec_report(project, "t", COMPLAINT)
        assert found
        assert words in found
    file.write_text(text.replace("config:\n", "config:\n  etcd-cluster:standins: false\n"))
    assert spec_report(project, "t", COMPLAINT) is None


def test_a_spec_without_a_mistake_leaves_the_refusal(tmp_path: Path) -> None:
    assert spec_report(stack(tmp_path, changed()), "t", COMPLAINT) is None


def test_encrypted_values_are_left_to_the_engine(tmp_path: Path) -> None:
    key = {"2": {"key": {"secure": "v1:abc"}}}
    project = stack(tmp_path, changed(("throwawy", True), ("pki.generations", key)))
    assert spec_report(project, "t", COMPLAINT) is None


def test_another_complaint_stays(tmp_path: Path) -> None:
    assert spec_report(stack(tmp_path, changed(("throwawy", True))), "t", "no space left") is None
