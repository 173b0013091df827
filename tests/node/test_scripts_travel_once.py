"""Scripts come to a node with its preparation; the other commands run them there."""

from __future__ import annotations

import base64
import io
import tarfile

import pytest

from components.machine.script_path import SCRIPT_PATH
from components.member import payload
from components.pods.payload import SCRIPT_PATH as POD_SCRIPT_PATH
from tests.node.program import Program
from tests.node.stack_files import stack_file
from tests.support.shell_words import comment_lines

BRING = ("clock", "prepare")


def carried(stdin: str) -> set[str]:
    """The folders of a payload."""
    archive = io.BytesIO(base64.b64decode(stdin.partition("\n")[2]))
    with tarfile.open(fileobj=archive, mode="r:gz") as entries:
        return {name.partition("/")[0] for name in entries.getnames()}


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)


def test_the_preparation_alone_carries_scripts(program):
    for name, command in program.up(stack_file()).commands.items():
        brings = name.endswith(BRING)
        assert ("scripts" in carried(command.inputs["stdin"])) == brings, name


def test_a_changed_script_changes_the_preparations_alone(program, monkeypatch):
    former = program.up(stack_file()).commands
    code = payload._code
    monkeypatch.setattr(
        payload, "_code", lambda path, where: code(path, where) + b":\n" * path.endswith("gate.sh")
    )
    changed = {
        name
        for name, now in program.up(stack_file()).commands.items()
        if now.inputs != former[name].inputs
    }
    assert changed == {"etcd1-prepare", "etcd2-prepare", "etcd3-prepare"}


@pytest.mark.parametrize("script_path", [SCRIPT_PATH, POD_SCRIPT_PATH], ids=["machine", "pods"])
def test_what_is_left_out_are_comments(script_path):
    for root in script_path:
        for path in root.rglob("*.sh"):
            written = path.read_text()
            sent = payload._code(path.relative_to(root).as_posix(), script_path).decode()
            lines = zip(written.splitlines(), sent.splitlines(), strict=True)
            left_out = {number for number, (ours, there) in enumerate(lines) if ours != there}
            assert left_out <= comment_lines(written), path


def test_a_node_that_has_lost_its_scripts(single):
    prepare = single.plan().commands["etcd1-prepare"]
    single.run(prepare, "create").ok()
    scripts = single.root("etcd1") / "state" / "scripts.tar.gz"
    whole = scripts.read_bytes()
    for lost in (scripts.unlink, lambda: scripts.write_bytes(whole[: len(whole) // 2])):
        lost()
        done = single.run(single.plan().commands["etcd1-apply"], "create")
        done.failed(
            "error: apply cannot run: this node has no scripts of this project: ",
            "set maintenance.prepare to another text",
        )
        assert done.status == 69

    again = single.plan(maintenance={"prepare": "once more"}).commands["etcd1-prepare"]
    assert "prepare=once more\n" in again.inputs["create"]
    single.run(again, "update").ok()
    with tarfile.open(scripts) as archive:
        assert "scripts/main.sh" in archive.getnames()
    assert not scripts.with_name("scripts.tar.gz.new").exists()

    scripts.unlink()
    single.run(again, "delete").ok()
