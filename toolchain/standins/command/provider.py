"""The plugin's side of the protocol: messages in, messages out, all else elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2

from toolchain.standins.command.call import Call
from toolchain.standins.command.checking import check
from toolchain.standins.command.differences import changes, top_level
from toolchain.standins.command.errors import PluginError
from toolchain.standins.command.resources import RESOURCES, Resource
from toolchain.standins.enginelog import EngineLog, ResourceLog
from toolchain.standins.interrupt import Interrupts
from toolchain.standins.serving import StandIn
from toolchain.standins.wire import from_plain, to_plain

Handler = Callable[[Any, Any, Any], Any]


def answering(handler: Handler) -> Handler:
    """Turns a PluginError into the status that the engine shows."""

    @functools.wraps(handler)
    def answer(provider: Any, request: Any, context: Any) -> Any:
        try:
            return handler(provider, request, context)
        except PluginError as error:
            context.abort(error.code, str(error))

    return answer


class CommandProvider(StandIn):
    """Answers as the command plugin does."""

    version = "1.2.1"

    def __init__(self, engine: str) -> None:
        self._log = EngineLog(engine)
        self._interrupts = Interrupts()

    def CheckConfig(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: ARG002, N802
        return provider_pb2.CheckResponse(inputs=request.news)

    def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:  # noqa: ARG002, N802
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=True
        )

    def Cancel(self, request: Any, context: Any) -> Empty:  # noqa: ARG002, N802
        self._interrupts.cancel()
        return Empty()

    @answering
    def Check(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: ARG002, N802
        inputs, failures = check(_resource(request.urn).schema, to_plain(request.news))
        return provider_pb2.CheckResponse(
            inputs=from_plain(inputs),
            failures=[
                provider_pb2.CheckFailure(property=failure.property, reason=failure.reason)
                for failure in failures
            ],
        )

    @answering
    def Diff(self, request: Any, context: Any) -> provider_pb2.DiffResponse:  # noqa: ARG002, N802
        schema = _resource(request.urn).schema
        found = changes(schema, to_plain(request.olds), to_plain(request.news))
        response = provider_pb2.DiffResponse
        return response(
            changes=response.DIFF_SOME if found else response.DIFF_NONE,
            diffs=sorted(set(map(top_level, found))),
            replaces=[path for path, kind in found.items() if kind.endswith("_REPLACE")],
            detailedDiff={
                path: provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.Value(kind))
                for path, kind in found.items()
            },
            hasDetailedDiff=True,
        )

    @answering
    def Create(self, request: Any, context: Any) -> provider_pb2.CreateResponse:  # noqa: N802
        resource = _resource(request.urn)
        inputs = to_plain(request.properties)
        if request.preview:
            outputs = resource.preview_create(inputs)
        else:
            with self._call(request, context) as call:
                outputs = resource.create(inputs, call)
        resource_id = resource.new_id(_name(request.urn), preview=request.preview)
        return provider_pb2.CreateResponse(id=resource_id, properties=from_plain(outputs))

    def Read(self, request: Any, context: Any) -> provider_pb2.ReadResponse:  # noqa: ARG002, N802
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    @answering
    def Update(self, request: Any, context: Any) -> provider_pb2.UpdateResponse:  # noqa: N802
        resource = _resource(request.urn)
        state, inputs = to_plain(request.olds), to_plain(request.news)
        if request.preview:
            outputs = resource.preview_update(state, inputs)
        else:
            with self._call(request, context) as call:
                outputs = resource.update(state, inputs, call)
        return provider_pb2.UpdateResponse(properties=from_plain(outputs))

    @answering
    def Delete(self, request: Any, context: Any) -> Empty:  # noqa: N802
        with self._call(request, context) as call:
            _resource(request.urn).delete(to_plain(request.properties), call)
        return Empty()

    @contextmanager
    def _call(self, request: Any, context: Any) -> Iterator[Call]:
        with self._interrupts.during(context, request.timeout) as interrupt:
            yield Call(ResourceLog(self._log, request.urn), interrupt)


def _resource(urn: str) -> Resource:
    """The resource type that a URN names: `…::<parent types>$<type>::<name>`."""
    kind = urn.split("::")[2].rpartition("$")[2]
    if kind not in RESOURCES:
        raise PluginError(f"the stand-in for the command plugin has no resource type {kind}")
    return RESOURCES[kind]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]
