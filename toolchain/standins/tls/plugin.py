"""The protocol: messages in, messages out. Everything else is in the other files."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as pb

from toolchain.standins.serving import StandIn
from toolchain.standins.tls import planning
from toolchain.standins.tls.checking import failures
from toolchain.standins.tls.errors import TlsError
from toolchain.standins.tls.schema import RESOURCES, Resource
from toolchain.standins.wire import UNKNOWN, Secret, bare, from_plain, to_plain

Handler = Callable[[Any, Any, grpc.ServicerContext], Any]


def answers_errors(handler: Handler) -> Handler:
    """Turn TlsError into the status that the official plugin answers with."""

    @functools.wraps(handler)
    def answering(self: Any, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return handler(self, request, context)
        except TlsError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return answering


class Tls(StandIn):
    """The provider `tls`."""

    version = "5.5.1"

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> None:  # noqa: ARG002, N802
        # As the official plugin; the engine then goes by Configure. Said here because the
        # generated base class would also write a stack trace to standard error.
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "no handshake")

    def CheckConfig(self, request: Any, context: Any) -> pb.CheckResponse:  # noqa: ARG002, N802
        return pb.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> pb.DiffResponse:  # noqa: ARG002, N802
        return pb.DiffResponse()

    def Configure(self, request: Any, context: Any) -> pb.ConfigureResponse:  # noqa: ARG002, N802
        # Without acceptSecrets the engine sends bare values and remembers itself what is secret.
        return pb.ConfigureResponse(acceptSecrets=False, supportsPreview=True, acceptResources=True)

    @answers_errors
    def Check(self, request: Any, context: Any) -> pb.CheckResponse:  # noqa: ARG002, N802
        resource, inputs = _resource(request), _properties(request.news)
        reasons = failures(resource, request.name, inputs)
        return pb.CheckResponse(
            inputs=from_plain(_marked(resource, inputs, unknown_too=True)),
            failures=[pb.CheckFailure(reason=reason) for reason in reasons],
        )

    @answers_errors
    def Diff(self, request: Any, context: Any) -> pb.DiffResponse:  # noqa: ARG002, N802
        found = planning.difference(
            _resource(request),
            _properties(request.olds),
            _properties(request.news),
            datetime.now(UTC),
        )
        return pb.DiffResponse(
            changes=pb.DiffResponse.DIFF_SOME if found.changed else pb.DiffResponse.DIFF_NONE,
            diffs=sorted(found.changed),
            replaces=sorted(found.replaces),
        )

    @answers_errors
    def Create(self, request: Any, context: Any) -> pb.CreateResponse:  # noqa: ARG002, N802
        resource, inputs = _resource(request), _properties(request.properties)
        if request.preview:
            return pb.CreateResponse(
                properties=_answer(resource, planning.preview(resource, inputs))
            )
        # Only here: an `up` without changes never loads the cryptography (0.1 s).
        from toolchain.standins.tls.resources import create  # noqa: PLC0415

        outputs = create(request.type, inputs)
        return pb.CreateResponse(id=outputs["id"], properties=_answer(resource, outputs))

    @answers_errors
    def Read(self, request: Any, context: Any) -> pb.ReadResponse:  # noqa: ARG002, N802
        resource, outputs = _resource(request), _properties(request.properties)
        if not outputs:
            raise TlsError("a key or certificate can only be made, not found by its id")
        inputs = _properties(request.inputs)
        return pb.ReadResponse(
            id=request.id,
            properties=_answer(resource, planning.refreshed(resource, outputs, datetime.now(UTC))),
            inputs=from_plain(_marked(resource, inputs, unknown_too=True)),
        )

    @answers_errors
    def Update(self, request: Any, context: Any) -> pb.UpdateResponse:  # noqa: ARG002, N802
        resource = _resource(request)
        outputs = planning.updated(resource, _properties(request.olds), _properties(request.news))
        return pb.UpdateResponse(properties=_answer(resource, outputs))

    def Delete(self, request: Any, context: Any) -> Empty:  # noqa: ARG002, N802
        return Empty()


def _resource(request: Any) -> Resource:
    if request.type not in RESOURCES:
        raise TlsError(f"the stand-in for the tls plugin has no resource type {request.type}")
    return RESOURCES[request.type]


def _properties(struct: Struct) -> dict[str, Any]:
    return bare(to_plain(struct))  # type: ignore[no-any-return]


def _answer(resource: Resource, outputs: dict[str, Any]) -> Struct:
    return from_plain(_marked(resource, outputs, unknown_too=False))


def _marked(resource: Resource, properties: dict[str, Any], *, unknown_too: bool) -> dict[str, Any]:
    """The properties with the secret ones marked; the official plugin differs about unknowns."""
    return {
        name: Secret(value)
        if name in resource.secrets and (unknown_too or value is not UNKNOWN)
        else value
        for name, value in properties.items()
    }
