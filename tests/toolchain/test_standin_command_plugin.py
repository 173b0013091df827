"""The command stand-in as a process, called as the engine calls it."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2 as pb

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


@pytest.mark.slow
def test_a_line_reaches_the_engine_while_the_command_runs(plugin: Plugin, engine: Engine):
    started = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(plugin.output, "echo early; sleep 1; echo late >&2")
        while not engine.messages and time.monotonic() - started < LIMIT_S:
            time.sleep(0.01)
        assert time.monotonic() - started < 0.9
        running.result()
    assert [message.message for message in engine.messages] == ["early", "late"]
    assert all(message.ephemeral for message in engine.messages), "no permanent diagnostics"
    assert {message.urn for message in engine.messages} == {urn(LOCAL)}


def test_a_command_outlives_a_log_that_cannot_be_written(tmp_path: Path):
    with running_plugin(tmp_path, NOBODY) as alone:
        assert alone.output("echo shown to nobody") == "shown to nobody"


@pytest.mark.slow
def test_only_remote_commands_load_the_ssh_library(plugin: Plugin):
    plugin.output("true")
    assert "cryptography" not in plugin.of_process("maps")
    connection = {"host": "127.0.0.1", "port": 1, "user": "u", "privateKey": ""}
    with pytest.raises(grpc.RpcError, match="ssh: no key found"):
        plugin.create(REMOTE, create="true", connection=connection)
    assert "cryptography" in plugin.of_process("maps")


def test_cancel_ends_the_running_shell_and_refuses_the_next(plugin: Plugin):
    threading.Timer(0.5, lambda: plugin.stub.Cancel(Empty())).start()
    with pytest.raises(grpc.RpcError) as caught:
        plugin.create(create="exec sleep 30")
    assert caught.value.details().startswith("signal: killed: ")
    with pytest.raises(grpc.RpcError, match="context canceled"):
        plugin.create(create="true")


def test_a_request_that_the_engine_gives_up_ends_its_shell(plugin: Plugin, tmp_path: Path):
    with pytest.raises(grpc.RpcError):
        plugin.stub.Create(
            pb.CreateRequest(
                urn=urn(LOCAL),
                properties=from_plain({"create": "echo $$ > pid; exec sleep 30"}),
            ),
            timeout=0.5,
        )
    shell = Path("/proc") / (tmp_path / "pid").read_text().strip()
    deadline = time.monotonic() + LIMIT_S
    while shell.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not shell.exists()


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
