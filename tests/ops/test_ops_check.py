"""`python -m ops check`: stack files as they stand, a person's own among them."""

from __future__ import annotations

import copy
import io
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from typer.testing import CliRunner

from components.spec.documents.schema import CONFIG_KEY
from ops import cli
from ops.commands import project
from ops.commands.check import judge
from ops.stack.hosts import hosts_of, left_out
from tests.spec.machines import REMOTE
from tests.spec.mutants import mutants
from tests.spec.pods import PODS
from tests.spec.stack_files import GOOD, put
from tests.spec.test_spec_properties import REPEATABLE
from tests.spec.test_stack_text import contents


def text(cluster: object, **beside: Any) -> str:
    return yaml.safe_dump({"config": {CONFIG_KEY: cluster}, **beside})


def refused(content: str | bytes) -> str:
    return judge(content if isinstance(content, bytes) else content.encode()).refused


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
    slip = with_values(GOOD, versoin="3.6.16", nodes__etcd2__address="db2.example.org")
    del slip["version"]
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
    assert refused(text(key)) == ""
    assert refused(text(with_values(PODS, kubernetes__kubeconfig=sealed))) == ""


def test_a_problem_beside_what_is_encrypted_is_told() -> None:
    wrong = with_values(REMOTE, ssh__private_key={"secure": "v1:abc"}, version="3.4.0")
    assert "cluster.version" in refused(text(wrong))
    assert "private_key" not in refused(text(wrong))


def test_only_a_secret_may_be_encrypted() -> None:
    for path in ("name", "nodes"):
        told = refused(text(with_values(GOOD, **{path: {"secure": "v1:abc"}})))
        assert told.startswith(f"  cluster.{path}")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (text(GOOD, confg={}), "'confg' was unexpected"),
        ("config: {}", "is a required property"),
        ("", "is not of type 'object'"),
        ("config: [", "cannot be read: line 1: "),
        (f"config: {{{CONFIG_KEY}: {{name: a, name: b}}}}", "the key `name` is there twice"),
        (f"config: {{{CONFIG_KEY}s: {{}}}}", f"did you mean `{CONFIG_KEY}`?"),
        (f"config: {{{CONFIG_KEY}: }}", "has nothing after its colon"),
        (f"{text(GOOD)}  etcd-cluster:standin: true\n", "did you mean `etcd-cluster:standins`?"),
    ],
)
def test_what_is_wrong_around_the_cluster_is_told(content: str, words: str) -> None:
    assert words in refused(content)


def test_a_mark_that_is_none_is_told_once() -> None:
    told = refused(f"{text(GOOD)}  etcd-cluster:standins: yes\n")
    assert [line.split(":")[0].strip() for line in told.splitlines()] == [
        "1 problem in the stack file",
        "etcd-cluster",
        "refused",
        "instead",
    ]


@pytest.mark.parametrize("value", ["true", "false", "'true'"])
def test_a_stack_may_say_whether_stand_ins_serve_it(value: str) -> None:
    assert refused(f"{text(GOOD)}  etcd-cluster:standins: {value}\n") == ""


def commands(folder: Path, content: bytes) -> list[str]:
    """What each command says that reads the file itself; the rest starts with the same reading."""
    (folder / "Pulumi.a.yaml").write_bytes(content)
    told = ["\n".join(checked("--stack", "a")[1])]
    for command in ("host-keys", "preview", "up", "status", "down"):
        result = CliRunner().invoke(cli.app, [command, "--stack", "a"])
        told.append(str(result.exception))
    return told


@pytest.mark.parametrize(
    "content",
    [
        b"config:\n\ta: 1\n",
        "config: {a: caf\u00e9}".encode("latin-1"),
        text(GOOD).encode("utf-16"),
        text(GOOD).replace("name: dev", "name: dev\n    name: dev").encode(),
        text(GOOD).replace("name: dev", "peer_port: 010").encode(),
        b"config: " + b"[" * 500,
        text(GOOD).replace("name: dev", 'name: "\\ud800x"').encode(),
        text(GOOD).replace("name: dev", 'name: "a\\/b"').encode(),
        text(GOOD).replace("name: dev", "name: 2026-1-1").encode(),
        text(GOOD).encode("utf-32"),
    ],
)
def test_every_command_names_the_file_that_cannot_be_read(folder: Path, content: bytes) -> None:
    for told in commands(folder, content):
        assert told.startswith("stacks/Pulumi.a.yaml")
        assert "cannot be read: " in told


COMMANDS = ("check", "host-keys", "preview", "up", "status", "down")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_every_command_names_what_is_no_file(make: Callable[[Path], object], folder: Path) -> None:
    make(folder / "Pulumi.a.yaml")
    for command in COMMANDS:
        result = CliRunner().invoke(cli.app, [command, "--stack", "a"])
        told = f"{result.exception}{result.output}"
        assert "stacks/Pulumi.a.yaml" in told, command
        assert "cannot be read: is " in told, command


@pytest.mark.parametrize("content", [b"- a\n", b"config: [1]\n", b"a"])
def test_an_engine_gets_no_file_that_it_cannot_use(content: bytes, folder: Path) -> None:
    """It would not name the file."""
    (folder / "Pulumi.a.yaml").write_bytes(content)
    assert checked("--stack", "a")[0] == 1
    for command in COMMANDS[1:]:
        told = str(CliRunner().invoke(cli.app, [command, "--stack", "a"]).exception)
        assert re.match(r"stacks/Pulumi.a.yaml cannot be read: its? .*no mapping", told), command


def test_a_link_that_leads_nowhere_is_told_among_the_others(folder: Path) -> None:
    (folder / "Pulumi.a.yaml").symlink_to("nowhere")
    (folder / "Pulumi.b.yaml").write_text(text(GOOD))
    code, lines = checked()
    assert code == 1
    assert lines == [
        "stacks/Pulumi.a.yaml: refused",
        "  cannot be read: is a link that leads nowhere",
        "stacks/Pulumi.b.yaml: good",
    ]


@pytest.mark.parametrize("name", ["a" * 300, "x" * 5000, "a/b", "."])
def test_a_stack_of_a_strange_name_is_not_there(name: str, folder: Path) -> None:
    for command in COMMANDS:
        result = CliRunner().invoke(cli.app, [command, "--stack", name])
        assert "does not exist" in str(result.exception), command


def test_a_name_that_the_terminal_cannot_show(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(os.fsdecode(os.fsencode(folder) + b"/Pulumi.\xff\xe9.yaml"))
    path.write_text(text(GOOD))
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, "utf-8", write_through=True))
    monkeypatch.setattr(sys, "argv", ["etcd-cluster", "check"])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 0
    assert shown.getvalue() == b"stacks/Pulumi.\\udcff\\udce9.yaml: good\n"


@pytest.mark.parametrize("key", ["2020-13-45T10:00:00Z", "2020-02-30 10:00:00"])
def test_a_name_that_yaml_itself_fails_over(key: str) -> None:
    told = refused(f"config:\n  {CONFIG_KEY}:\n    nodes: {{{key}: {{}}}}\n")
    assert f'key "{key}"' in told


@pytest.mark.parametrize("file", [REMOTE, PODS], ids=["remote", "pods"])
def test_no_mistake_keeps_the_machines_from_being_found(file: dict[str, Any]) -> None:
    """Of every place of a stack file, with whatever may stand there by mistake."""
    for what, mutant in mutants(file):
        cluster: Any = mutant
        assert not {*left_out(cluster)} & {n for h in hosts_of(cluster) for n in h.nodes}, what


@pytest.mark.slow
@given(contents)
@REPEATABLE
def test_no_bytes_give_a_traceback(content: bytes) -> None:
    for head in (b"", b"config:\n  etcd-cluster:cluster:\n    "):
        judge(head + content)
