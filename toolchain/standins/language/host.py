"""The LanguageRuntime service, as far as the engine asks for it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from toolchain.standins.guard import refusal
from toolchain.standins.language.packages import required_packages, sdk_version
from toolchain.standins.quick_start import import_all_again
from toolchain.standins.serving import end_with_engine, engine_address, message_limits

THREADS = 8


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs the project's `__main__.py` in this very interpreter, the one with its packages."""

    def __init__(self, engine: str) -> None:
        self._engine = engine

    def Handshake(self, request: Any, context: Any) -> language_pb2.LanguageHandshakeResponse:  # noqa: ARG002, N802
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:  # noqa: ARG002, N802
        return plugin_pb2.PluginInfo(version=sdk_version())

    def About(self, request: Any, context: Any) -> language_pb2.AboutResponse:  # noqa: ARG002, N802
        return language_pb2.AboutResponse(
            executable=sys.executable, version=platform.python_version()
        )

    def GetRequiredPackages(  # noqa: N802
        self,
        request: Any,  # noqa: ARG002
        context: Any,  # noqa: ARG002
    ) -> language_pb2.GetRequiredPackagesResponse:
        return language_pb2.GetRequiredPackagesResponse(packages=required_packages())

    def InstallDependencies(  # noqa: N802
        self,
        request: Any,  # noqa: ARG002
        context: Any,  # noqa: ARG002
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Nothing to install: set-up has made the environment from the lock files."""
        yield from ()

    def RuntimeOptionsPrompts(  # noqa: N802
        self,
        request: Any,  # noqa: ARG002
        context: Any,  # noqa: ARG002
    ) -> language_pb2.RuntimeOptionsResponse:
        return language_pb2.RuntimeOptionsResponse()

    def Cancel(self, request: Any, context: Any) -> Empty:  # noqa: ARG002, N802
        return Empty()

    def Run(self, request: Any, context: Any) -> language_pb2.RunResponse:  # noqa: ARG002, N802
        """Run the program once; what goes wrong in it is told to the engine's log, then bails."""
        import_all_again()
        from toolchain.standins.language import program  # noqa: PLC0415

        program.configure(request, self._engine)
        refused = refusal(request.project, request.stack, dict(request.config))
        outcome = program.fail(refused) if refused else program.run_program(request)
        return language_pb2.RunResponse(bail=outcome is program.Outcome.FAILED)


def serve() -> None:
    """Serve on a free loopback port, print it as the first line, return never."""
    server = grpc.server(ThreadPoolExecutor(THREADS), options=message_limits())
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(engine_address()), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    end_with_engine()
