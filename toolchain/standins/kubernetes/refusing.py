"""What the official plugin can do, and this stand-in cannot."""

from __future__ import annotations

from typing import Any

import grpc

from toolchain.standins.serving import StandIn


class SingleObjects(StandIn):
    """Refuses charts, YAML files and the like, in words.

    Each is said here because the generated base class would also write a stack trace to standard
    error, which the engine shows.
    """

    def Handshake(self, request: Any, context: Any) -> None:  # noqa: ARG002, N802
        # The engine then goes by Configure.
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "no handshake")

    def Invoke(self, request: Any, context: Any) -> None:  # noqa: N802
        _refuse(context, f"function {request.tok}")

    def Call(self, request: Any, context: Any) -> None:  # noqa: N802
        _refuse(context, f"method {request.tok}")

    def Construct(self, request: Any, context: Any) -> None:  # noqa: N802
        _refuse(context, f"component {request.type}")


def _refuse(context: Any, what: str) -> None:
    context.abort(
        grpc.StatusCode.UNIMPLEMENTED, f"the stand-in for the kubernetes plugin has no {what}"
    )
