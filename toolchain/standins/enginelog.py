"""The engine's log, through which a person sees what a resource does while it does it."""

from __future__ import annotations

import contextlib
import functools

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


class EngineLog:
    """The log service at an address; connects when the first line is written."""

    def __init__(self, address: str) -> None:
        self._address = address

    @functools.cached_property
    def _engine(self) -> engine_pb2_grpc.EngineStub:
        return engine_pb2_grpc.EngineStub(grpc.insecure_channel(self._address))

    def write(self, request: engine_pb2.LogRequest) -> None:
        """Send a message. A log that cannot be written fails no command."""
        with contextlib.suppress(grpc.RpcError):
            self._engine.Log(request)


class ResourceLog:
    """The log of one resource."""

    def __init__(self, log: EngineLog, urn: str) -> None:
        self._log = log
        self._urn = urn

    def status(self, line: str) -> None:
        """A line that is shown beside the resource until the next one comes."""
        self._write("INFO", line, ephemeral=True)

    def warning(self, text: str) -> None:
        """A message that stays on the screen."""
        self._write("WARNING", text)

    def error(self, text: str) -> None:
        """A message that stays on the screen, marked as an error."""
        self._write("ERROR", text)

    def _write(self, severity: str, message: str, *, ephemeral: bool = False) -> None:
        self._log.write(
            engine_pb2.LogRequest(
                severity=engine_pb2.LogSeverity.Value(severity),
                message=message,
                urn=self._urn,
                ephemeral=ephemeral,
            )
        )
