"""Failures that the engine shows to a person."""

from __future__ import annotations

import grpc


class PluginError(Exception):
    """The request failed; the message is what the engine shows."""

    code = grpc.StatusCode.UNKNOWN


class UnreadableOutputError(PluginError):
    """A command wrote what the protocol cannot carry."""

    code = grpc.StatusCode.INTERNAL

    def __init__(self) -> None:
        super().__init__("grpc: error while marshaling: string field contains invalid UTF-8")
