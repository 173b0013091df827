"""Which stacks a stand-in touches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolchain.standins import guard
from toolchain.standins.guard import refusal, stack_of, stack_refusal

URN = "urn:pulumi:prod::etcd-cluster::tls:index/privateKey:PrivateKey::key"


@pytest.mark.parametrize(
    "config",
    [
        {"p:cluster": {"name": "dev", "throwaway": True}},
        {"p:cluster": json.dumps({"name": "dev", "throwaway": True})},
        {"p:throwaway": True},
        {"p:throwaway": "true"},
        {"p:standins": True},
        {"p:standins": "true"},  # as `pulumi config set` writes it, and the engine sends it
        {"p:standins": True, "p:cluster": {"name": "dev", "throwaway": False}},
        {"p:standins": True, "p:throwaway": False},
        {"p:standins": False, "p:cluster": {"name": "dev", "throwaway": True}},
        {"p:standins": "true", "p:cluster": {"secure": "v1:abc"}},
    ],
)
def test_marked(config: dict[str, Any]) -> None:
    assert refusal("p", "dev", config) is None


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"p:cluster": {"name": "prod"}},
        {"p:cluster": {"name": "prod", "throwaway": False}},
        {"p:cluster": {"name": "prod", "throwaway": "true"}},
        {"p:cluster": {"secure": "v1:abc"}},
        {"p:cluster": "throwaway: true"},
        {"p:throwaway": "yes"},
        {"p:throwaway": False},
        {"other:throwaway": True},
        {"throwaway": True},
        {"p:standins": False},
        {"p:standins": "false"},
        {"p:standins": "yes"},
        {"p:standins": 1},
        {"p:standins": "1"},
        {"p:standins": [True]},
        {"p:standins": {"secure": "v1:abc"}},
        {"p:standins": None, "p:cluster": {"name": "prod"}},
        {"other:standins": True},
        {"standins": True},
        {"p:cluster": {"name": "prod", "standins": True}},
        {"p:cluster": {"name": "prod"}, "p:throwaway": True},
    ],
)
def test_not_marked(config: dict[str, Any]) -> None:
    reason = refusal("p", "prod", config)
    assert reason
    assert "stack prod" in reason
    assert "`p:standins: true`" in reason
    assert "`throwaway: true` in p:cluster" in reason
    assert "official plugins" in reason


def test_the_stack_is_in_the_urn() -> None:
    assert stack_of(URN) == "prod"


def project(folder: Path, stack_file: str | None, definition: str = "name: p\n") -> Path:
    (folder / "Pulumi.yaml").write_text(definition + "stackConfigDir: stacks\n")
    (folder / "stacks").mkdir()
    if stack_file is not None:
        (folder / "stacks" / "Pulumi.dev.yaml").write_text(stack_file)
    return folder / "Pulumi.yaml"


@pytest.mark.parametrize(
    "text",
    [
        "config:\n  p:cluster:\n    throwaway: true\n",
        "config:\n  p:standins: true\n  p:cluster: {}\n",
        'config:\n  p:standins: "true"\n',
        "config:\n  p:standins: True\n",
        "config:\n  p:cluster:\n    throwaway: TRUE\n",
        "config:\n  p:cluster: &x\n    throwaway: true\n  p:other: *x\n",
    ],
)
def test_a_provider_reads_the_stack_file(tmp_path: Path, text: str) -> None:
    file = project(tmp_path, text)
    assert stack_refusal(file, "dev") is None
    assert stack_refusal(file, "prod")


@pytest.mark.parametrize("text", [None, "", "config:\n", "config: {p:cluster: {}}\n"])
def test_a_stack_file_without_the_mark_does_not_help(tmp_path: Path, text: str | None) -> None:
    assert stack_refusal(project(tmp_path, text), "dev")


@pytest.mark.parametrize(
    "value",
    [
        *("yes", "Yes", "on", "ON", "y", "tRUE", "1", "!!bool yes", "!!bool on", "[true]", "~"),
        *("2020-13-45", "truely", "0x1", "!!python/name:builtins.True", '"yes"', "'True'"),
    ],
)
def test_what_is_true_to_yaml_1_1_alone_is_no_mark(tmp_path: Path, value: str) -> None:
    for number, key in enumerate(("p:standins: ", "p:throwaway: ", "p:cluster:\n    throwaway: ")):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert stack_refusal(project(folder, f"config:\n  {key}{value}\n"), "dev")


def test_a_text_in_the_cluster_is_no_mark(tmp_path: Path) -> None:
    """Beside it one is: `pulumi config set` writes nothing else."""
    text = 'config:\n  p:cluster:\n    throwaway: "true"\n'
    assert stack_refusal(project(tmp_path, text), "dev")


@pytest.mark.parametrize(
    "content",
    [b"config: [", b"- p:standins: true\n", b"config: [1]\n", b"\xff\xfe\xff", b"a: *b\n"],
)
def test_a_stack_file_that_cannot_be_read_marks_nothing(tmp_path: Path, content: bytes) -> None:
    file = project(tmp_path, "")
    (tmp_path / "stacks/Pulumi.dev.yaml").write_bytes(content)
    assert "stack dev" in (stack_refusal(file, "dev") or "")


def test_guarded_below_the_projects_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, "config: {p:standins: true}\n")
    (tmp_path / "source").mkdir()
    monkeypatch.chdir(tmp_path / "source")
    decide = guard.guard_for_this_process()
    assert decide("dev") is None
    assert decide("prod")


def test_guarded_when_an_engine_says_so_but_no_project_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PULUMI_PROJECT", "p")
    assert guard.guard_for_this_process()("dev")


def test_not_guarded_outside_of_any_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PULUMI_PROJECT", raising=False)
    assert guard.guard_for_this_process()("dev") is None


def test_the_plugins_configuration_leaves_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PULUMI_CONFIG", '{"token": "hunter22"}')
    guard.guard_for_this_process()
    assert "PULUMI_CONFIG" not in guard.os.environ
