"""Says to the engine that a resource exists, but is not what it should be."""

from __future__ import annotations

from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, status_pb2

from toolchain.standins.kubernetes.errors import InitFailedError
from toolchain.standins.wire import from_plain

_DETAILS = "grpc-status-details-bin"


def abort(context: Any, error: InitFailedError) -> None:
    """End the request so that the engine records the resource, with what is wrong with it."""
    code = grpc.StatusCode.UNKNOWN
    status = status_pb2.Status(code=code.value[0], message=str(error))
    status.details.add().Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.id,
            properties=from_plain(error.state),
            inputs=from_plain(error.inputs),
            reasons=error.reasons,
        )
    )
    context.set_trailing_metadata(((_DETAILS, status.SerializeToString()),))
    context.abort(code, str(error))
