"""Serves a provider stand-in to the engine that started it.

class Tls(StandIn):
    version = "5.5.1"
    def Check(self, request, context): ...

serve(Tls())
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc

from toolchain.standins.guard import GuardInterceptor, guard_for_this_process
from toolchain.standins.lifetime import call_when_engine_is_gone

MESSAGE_LIMIT_BYTES = 400 << 20  # as the engine's own
# A slow resource holds its thread; the engine bounds how many it runs at once, not we.
THREADS = 1024


class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """What every provider stand-in answers the same way."""

    version: str

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:  # noqa: ARG002, N802
        return plugin_pb2.PluginInfo(version=self.version)

    def Attach(self, request: Any, context: Any) -> Empty:  # noqa: ARG002, N802
        return Empty()

    def Cancel(self, request: Any, context: Any) -> Empty:  # noqa: ARG002, N802
        return Empty()


def engine_address() -> str:
    """Where the engine's own service (its log) listens, `host:port`: the last argument."""
    return sys.argv[-1]


def serve(servicer: provider_pb2_grpc.ResourceProviderServicer) -> None:
    """Serve on a free loopback port, print it as the first line, return never.

    The process ends when the engine asks for it (SIGINT, SIGTERM) or is gone. Work in progress
    is not waited for: the engine has already decided that it does not want the answer.
    """
    server = grpc.server(
        ThreadPoolExecutor(THREADS),
        interceptors=[GuardInterceptor(guard_for_this_process())],
        options=message_limits(),
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    end_with_engine()


def message_limits() -> list[tuple[str, int]]:
    """gRPC options under which a message may be as large as the engine's largest."""
    return [
        ("grpc.max_receive_message_length", MESSAGE_LIMIT_BYTES),
        ("grpc.max_send_message_length", MESSAGE_LIMIT_BYTES),
    ]


def end_with_engine() -> None:
    """Block until the engine asks for the end or is gone, then leave at once.

    `os._exit` because an ordinary exit waits for the threads of calls still running, and the
    engine would kill us after five seconds of that.
    """
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    call_when_engine_is_gone(over.set)
    over.wait()
    sys.stderr.flush()
    os._exit(0)
