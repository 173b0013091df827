"""The command stand-in as a process, called as the engine calls it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2 as pb

from lab.hosts.machine import until
from tests.support.command_plugin import (
    LIMIT_S,
    LOCAL,
    REMOTE,
    Engine,
    Plugin,
    running_engine,
    running_plugin,
    urn,
)
from toolchain.standins.wire import UNKNOWN, Secret, from_plain, to_plain

pytestmark = pytest.mark.slow

NOBODY = "127.0.0.1:1"


@pytest.fixture
def engine() -> Iterator[Engine]:
    with running_engine() as running:
        yield running


@pytest.fixture
def plugin(tmp_path: Path, engine: Engine) -> Iterator[Plugin]:
    with running_plugin(tmp_path, engine.address) as running:
        yield running


def test_a_child_of_a_component_runs_in_the_folder_of_the_plugin(plugin: Plugin, tmp_path: Path):
    answer = plugin.create(create="pwd", stdin=Secret("s"))
    assert answer.id.startswith("name::with::colons")
    outputs = to_plain(answer.properties)
    assert outputs == {"create": "pwd", "stdin": Secret("s"), "stdout": str(tmp_path), "stderr": ""}


def test_commands_do_not_inherit_the_decrypted_configuration(plugin: Plugin):
    assert "canary" not in plugin.output("env; tr '\\0' '\\n' < /proc/$PPID/cmdline")


def test_a_line_reaches_the_engine_while_the_command_runs(
    plugin: Plugin, engine: Engine, tmp_path: Path
):
    with ThreadPoolExecutor(1) as pool:
        command = "echo early; until [ -e go ]; do sleep 0.05; done; echo late >&2"
        running = pool.submit(plugin.output, command)
        try:
            until(lambda: engine.messages, LIMIT_S / 2, lambda: "no line has come")
        finally:
            (tmp_path / "go").touch()
        running.result()
    assert [message.message for message in engine.messages] == ["early", "late"]
    assert all(message.ephemeral for message in engine.messages), "no permanent diagnostics"
    assert {message.urn for message in engine.messages} == {urn(LOCAL)}


def test_a_command_outlives_a_log_that_cannot_be_written(tmp_path: Path):
    with running_plugin(tmp_path, NOBODY) as alone:
        assert alone.output("echo shown to nobody") == "shown to nobody"


def test_only_remote_commands_load_the_ssh_library(plugin: Plugin):
    plugin.output("true")
    assert "cryptography" not in plugin.of_process("maps")
    connection = {"host": "127.0.0.1", "port": 1, "user": "u", "privateKey": ""}
    with pytest.raises(grpc.RpcError, match="ssh: no key found"):
        plugin.create(REMOTE, create="true", connection=connection)
    assert "cryptography" in plugin.of_process("maps")


def test_cancel_ends_the_running_shell_and_refuses_the_next(plugin: Plugin, tmp_path: Path):
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(plugin.create, create="touch begun; exec sleep 30")
        until((tmp_path / "begun").exists, LIMIT_S, lambda: "the shell does not begin")
        plugin.stub.Cancel(Empty())
        with pytest.raises(grpc.RpcError) as caught:
            running.result()
    assert caught.value.details().startswith("signal: killed: ")
    with pytest.raises(grpc.RpcError, match="context canceled"):
        plugin.create(create="true")


def test_a_request_that_the_engine_gives_up_ends_its_shell(plugin: Plugin, tmp_path: Path):
    command = "echo $$ > new; mv new pid; exec sleep 30"
    request = pb.CreateRequest(urn=urn(LOCAL), properties=from_plain({"create": command}))
    answer = plugin.stub.Create.future(request)
    until((tmp_path / "pid").exists, LIMIT_S, lambda: "the shell does not begin")
    shell = Path("/proc") / (tmp_path / "pid").read_text().strip()
    assert shell.exists()
    answer.cancel()
    until(lambda: not shell.exists(), LIMIT_S, lambda: "the shell runs on")


def test_a_preview_runs_nothing_and_leaves_a_secret_connection_secret(
    plugin: Plugin, tmp_path: Path
):
    connection = Secret({"host": UNKNOWN})
    answer = plugin.create(REMOTE, preview=True, create="touch ran", connection=connection)
    assert to_plain(answer.properties) == {
        "create": "touch ran",
        "connection": connection,
        "stdout": UNKNOWN,
        "stderr": UNKNOWN,
    }
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_resource_type_is_named(plugin: Plugin):
    with pytest.raises(grpc.RpcError, match="command:remote:CopyFile"):
        plugin.create("command:remote:CopyFile")


def test_a_stack_that_is_not_marked_is_not_touched(tmp_path: Path):
    (tmp_path / "Pulumi.yaml").write_text("name: project\nruntime: python\n")
    with (
        running_plugin(tmp_path, NOBODY) as guarded,
        pytest.raises(grpc.RpcError, match="standins: true"),
    ):
        guarded.output("touch ran")
    assert not (tmp_path / "ran").exists()
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  project:standins: true\n")
    with running_plugin(tmp_path, NOBODY) as marked:
        assert marked.output("echo ran") == "ran"
