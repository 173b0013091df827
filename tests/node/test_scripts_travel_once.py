"""Scripts come to a node with its preparation; the other commands run them there."""

from __future__ import annotations

import base64
import io
import shutil
import tarfile

import pytest

from components.machine.script_path import SCRIPT_PATH
from components.member import payload
from components.pods.payload import SCRIPT_PATH as POD_SCRIPT_PATH
from tests.support.shell_words import comment_lines

BRING = ("clock", "prepare")


def carried(stdin: str) -> set[str]:
    """The folders of a payload."""
    archive = io.BytesIO(base64.b64decode(stdin.partition("\n")[2]))
    with tarfile.open(fileobj=archive, mode="r:gz") as entries:
        return {name.partition("/")[0] for name in entries.getnames()}


def test_the_preparation_alone_carries_scripts(single):
    for name, command in single.plan().commands.items():
        brings = name.endswith(BRING)
        assert ("scripts" in carried(command.inputs["stdin"])) == brings, name


def test_a_changed_script_changes_the_preparations_alone(machine, monkeypatch):
    former = machine.plan().commands
    code = payload._code
    monkeypatch.setattr(
        payload, "_code", lambda path, where: code(path, where) + b":\n" * path.endswith("gate.sh")
    )
    changed = {
        name for name, now in machine.plan().commands.items() if now.inputs != former[name].inputs
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
    scripts = single.root("etcd1") / "state" / "scripts"
    shutil.rmtree(scripts)
    done = single.run(single.plan().commands["etcd1-apply"], "create")
    done.failed(
        f"error: apply cannot run: there are no scripts of this project in {scripts}",
        "set maintenance.prepare to another text",
    )
    assert done.status == 69

    again = single.plan(maintenance={"prepare": "once more"}).commands["etcd1-prepare"]
    assert "prepare=once more\n" in again.inputs["create"]
    (scripts / "lib").mkdir(parents=True)
    (scripts / "lib/of-a-former-version.sh").write_text("exit 1\n")
    scripts.with_name("scripts.new").mkdir()  # of a run that broke off
    single.run(again, "update").ok()
    assert (scripts / "main.sh").exists()
    assert not (scripts / "lib/of-a-former-version.sh").exists()
    assert not scripts.with_name("scripts.new").exists()

    shutil.rmtree(scripts)
    single.run(again, "delete").ok()
