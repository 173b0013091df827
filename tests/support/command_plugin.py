"""The command stand-in as a process, and the engine that it logs to."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from toolchain.standins.wire import from_plain, to_plain

FOLDER = Path(__file__).resolve().parents[2] / "toolchain" / "standins" / "command"
LOCAL = "command:local:Command"
REMOTE = "command:remote:Command"
COPY = "command:remote:CopyToRemote"
LIMIT_S = 20


class Engine(engine_pb2_grpc.EngineServicer):
    """The engine's log."""

    def __init__(self) -> None:
        self.messages = []
        self.address = ""

    def Log(self, request, context):  # noqa: N802
        self.messages.append(request)
        return Empty()


@contextmanager
def running_engine() -> Iterator[Engine]:
    engine = Engine()
    server = grpc.server(ThreadPoolExecutor(4))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    engine.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield engine
    server.stop(None)


def urn(kind: str) -> str:
    return f"urn:pulumi:dev::project::my:Component${kind}::name::with::colons"


class Plugin:
    """A plugin process, started from a folder of its own."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, FOLDER, engine],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PULUMI_CONFIG": "decrypted-canary"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._channel = grpc.insecure_channel(f"127.0.0.1:{int(self.process.stdout.readline())}")
        self.stub = ResourceProviderStub(self._channel)

    def create(self, kind: str = LOCAL, *, preview: bool = False, **inputs):
        return self.stub.Create(
            pb.CreateRequest(urn=urn(kind), properties=from_plain(inputs), preview=preview),
            timeout=LIMIT_S,
        )

    def output(self, command: str, **inputs) -> str:
        return to_plain(self.create(create=command, **inputs).properties)["stdout"]

    def of_process(self, file: str) -> str:
        """A file of /proc about the process."""
        return Path(f"/proc/{self.process.pid}/{file}").read_text()

    def end(self) -> None:
        """End it as a dying engine does: by the end of its standard input."""
        self._channel.close()
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(LIMIT_S) == 0


@contextmanager
def running_plugin(folder: Path, engine: str) -> Iterator[Plugin]:
    plugin = Plugin(folder, engine)
    try:
        yield plugin
    finally:
        plugin.end()
