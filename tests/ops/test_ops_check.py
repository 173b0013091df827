"""`python -m ops check`: stack files as they stand, a person's own among them."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from components.spec.schema import CONFIG_KEY
from ops import cli, project
from ops.check import judge
from tests.spec.machines import REMOTE
from tests.spec.pods import PODS
from tests.spec.stack_files import GOOD, put


def text(cluster: object, **beside: Any) -> str:
    return yaml.safe_dump({"config": {CONFIG_KEY: cluster}, **beside})


def with_values(cluster: dict[str, Any], **values: Any) -> dict[str, Any]:
    changed = copy.deepcopy(cluster)
    for path, value in values.items():
        put(changed, path.split("__"), value)
    return changed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stack files of a project of its own; no program can be found, so none is run."""
    (tmp_path / "Pulumi.yaml").write_text("name: etcd-cluster\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    for module in (cli, project):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    return tmp_path / "stacks"


def checked(*options: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(cli.app, ["check", *options])
    return result.exit_code, result.output.splitlines()


def test_a_good_file_is_one_line(folder: Path) -> None:
    for name in ("mine", "other"):
        (folder / f"Pulumi.{name}.yaml").write_text(text(GOOD, encryptionsalt="v1:abc"))
    assert checked() == (0, ["stacks/Pulumi.mine.yaml: good", "stacks/Pulumi.other.yaml: good"])


def test_a_refused_one_is_reported_and_the_others_are_still_checked(folder: Path) -> None:
    slip = with_values(GOOD, versoin="3.6.14", nodes__etcd2__address="db2.example.org")
    (folder / "Pulumi.a.yaml").write_text(text(slip))
    (folder / "Pulumi.b.yaml").write_text(text(GOOD))
    code, lines = checked()
    assert code == 1
    assert lines[:2] == [
        "stacks/Pulumi.a.yaml: refused",
        "2 problems in the stack file's `cluster`",
    ]
    assert "    instead: did you mean `version`?" in lines
    assert lines[-1] == "stacks/Pulumi.b.yaml: good"


def test_one_is_checked_alone_and_must_be_there(folder: Path) -> None:
    (folder / "Pulumi.a.yaml").write_text(text({}))
    (folder / "Pulumi.b.yaml").write_text(text(GOOD))
    assert checked("--stack", "b") == (0, ["stacks/Pulumi.b.yaml: good"])
    result = CliRunner().invoke(cli.app, ["check", "--stack", "c"])
    assert str(result.exception) == "no stack c: stacks/Pulumi.c.yaml does not exist"


def test_a_warning_refuses_nothing(folder: Path) -> None:
    (folder / "Pulumi.a.yaml").write_text(text(with_values(GOOD, quota_mib=16384)))
    code, lines = checked()
    assert (code, lines[0]) == (0, "stacks/Pulumi.a.yaml: good")
    assert "16384" in lines[1]
    assert lines[1].startswith("  warning: ")


def test_what_is_encrypted_is_taken_as_given() -> None:
    sealed = {"secure": "v1:abc"}
    key = with_values(REMOTE, ssh__private_key=sealed, ssh__private_key_password=sealed)
    assert judge(text(key)).refused == ""
    assert judge(text(with_values(PODS, kubernetes__kubeconfig=sealed))).refused == ""


def test_a_problem_beside_what_is_encrypted_is_told() -> None:
    wrong = with_values(REMOTE, ssh__private_key={"secure": "v1:abc"}, version="3.4.0")
    assert "cluster.version" in judge(text(wrong)).refused
    assert "private_key" not in judge(text(wrong)).refused


def test_only_a_secret_may_be_encrypted() -> None:
    for path in ("name", "nodes"):
        refused = judge(text(with_values(GOOD, **{path: {"secure": "v1:abc"}}))).refused
        assert refused.startswith(f"  cluster.{path}")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (text(GOOD, confg={}), "'confg' was unexpected"),
        ("config: {}", "is a required property"),
        ("", "is not of type 'object'"),
        ("config: [", "cannot be read: "),
        (f"config: {{{CONFIG_KEY}: {{name: a, name: b}}}}", 'mapping key "name" is there twice'),
    ],
)
def test_what_is_wrong_around_the_cluster_is_told(content: str, words: str) -> None:
    assert words in judge(content).refused
