"""The plugin's side of the protocol: messages in, messages out, all else elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2 as pb

from toolchain.standins.enginelog import EngineLog, ResourceLog
from toolchain.standins.interrupt import Interrupts
from toolchain.standins.kubernetes import checkpoint, configuring, initfailed, kinds
from toolchain.standins.kubernetes.applying import Applying
from toolchain.standins.kubernetes.call import Call
from toolchain.standins.kubernetes.checking import checked
from toolchain.standins.kubernetes.cluster import Cluster
from toolchain.standins.kubernetes.deleting import delete
from toolchain.standins.kubernetes.differences import changes
from toolchain.standins.kubernetes.errors import InitFailedError, KubernetesError
from toolchain.standins.kubernetes.normal import compared, normal
from toolchain.standins.kubernetes.objects import name_of, namespace_of
from toolchain.standins.kubernetes.previewing import Previewing
from toolchain.standins.kubernetes.reading import read
from toolchain.standins.kubernetes.refusing import SingleObjects
from toolchain.standins.kubernetes.replacing import patterns
from toolchain.standins.kubernetes.settings import Settings, of_variables
from toolchain.standins.wire import bare, from_plain, to_plain

Handler = Callable[[Any, Any, Any], Any]


def answering(handler: Handler) -> Handler:
    """Turns a failure into the status that the engine shows, and records where it has to."""

    @functools.wraps(handler)
    def answer(provider: Any, request: Any, context: Any) -> Any:
        try:
            return handler(provider, request, context)
        except InitFailedError as error:
            return initfailed.abort(context, error)
        except KubernetesError as error:
            return context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return answer


class KubernetesProvider(SingleObjects):
    """Answers as the kubernetes plugin does."""

    version = "4.32.0"

    def __init__(self, engine: str) -> None:
        self._log = EngineLog(engine)
        self._interrupts = Interrupts()
        self._use(Settings())

    def _use(self, chosen: Settings) -> None:
        self._settings = chosen
        self._cluster = Cluster(chosen)
        self._applying = Applying(self._cluster)
        self._previewing = Previewing(self._cluster, self._applying)

    def CheckConfig(self, request: Any, context: Any) -> pb.CheckResponse:  # noqa: ARG002, N802
        refused = configuring.refusals(to_plain(request.news))
        return pb.CheckResponse(
            inputs=request.news,
            failures=[
                pb.CheckFailure(property=name, reason=reason) for name, reason in refused.items()
            ],
        )

    def DiffConfig(self, request: Any, context: Any) -> pb.DiffResponse:  # noqa: ARG002, N802
        changed, replaces = configuring.replacing(to_plain(request.olds), to_plain(request.news))
        return pb.DiffResponse(changes=_changes(changed), diffs=changed, replaces=replaces)

    def Configure(self, request: Any, context: Any) -> pb.ConfigureResponse:  # noqa: ARG002, N802
        self._use(of_variables(request.variables))
        return pb.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Cancel(self, request: Any, context: Any) -> Empty:  # noqa: ARG002, N802
        self._interrupts.cancel()
        return Empty()

    @answering
    def Check(self, request: Any, context: Any) -> pb.CheckResponse:  # noqa: ARG002, N802
        kind = kinds.of_urn(request.urn)
        inputs = checked(kind, to_plain(request.news), self._cluster.default_namespace)
        return pb.CheckResponse(inputs=from_plain(inputs))

    @answering
    def Diff(self, request: Any, context: Any) -> pb.DiffResponse:  # noqa: ARG002, N802
        kind = kinds.of_urn(request.urn)
        state, new = to_plain(request.olds), bare(normal(kind, to_plain(request.news)))
        recorded = to_plain(request.old_inputs) or checkpoint.inputs_of(state)
        old = compared(kind, recorded, checkpoint.live_of(state))
        mutable = kind in self._settings.mutable
        found = changes(old, new, patterns(kind, new, content_mutable=mutable))
        replaces = [path for path, change in found.items() if change.endswith("_REPLACE")]
        same_name = name_of(old) == name_of(new) and namespace_of(old) == namespace_of(new)
        return pb.DiffResponse(
            changes=_changes(found),
            diffs=sorted({path.partition(".")[0].partition("[")[0] for path in found}),
            replaces=replaces,
            # A second object of that name cannot be.
            deleteBeforeReplace=bool(replaces) and same_name,
            detailedDiff={
                path: pb.PropertyDiff(kind=pb.PropertyDiff.Kind.Value(change), inputDiff=True)
                for path, change in found.items()
            },
            hasDetailedDiff=True,
        )

    @answering
    def Create(self, request: Any, context: Any) -> pb.CreateResponse:  # noqa: N802
        inputs = to_plain(request.properties)
        with self._call(request, context) as call:
            if request.preview:
                shown = self._previewing.create(call, inputs)
                return pb.CreateResponse(properties=from_plain(shown))
            resource_id, state = self._applying.create(call, inputs)
        return pb.CreateResponse(id=resource_id, properties=from_plain(state))

    @answering
    def Read(self, request: Any, context: Any) -> pb.ReadResponse:  # noqa: N802
        state = to_plain(request.properties)
        inputs = to_plain(request.inputs) or checkpoint.inputs_of(state)
        with self._call(request, context, timeout_s=0) as call:
            found = read(self._cluster, call, request.id, state, inputs)
        if found is None:
            return pb.ReadResponse()
        return pb.ReadResponse(
            id=request.id, properties=from_plain(found.state), inputs=from_plain(found.inputs)
        )

    @answering
    def Update(self, request: Any, context: Any) -> pb.UpdateResponse:  # noqa: N802
        state, inputs = to_plain(request.olds), to_plain(request.news)
        change = self._previewing.update if request.preview else self._applying.update
        with self._call(request, context) as call:
            return pb.UpdateResponse(properties=from_plain(change(call, state, inputs)))

    @answering
    def Delete(self, request: Any, context: Any) -> Empty:  # noqa: N802
        with self._call(request, context) as call:
            delete(self._cluster, call, request.id, to_plain(request.properties))
        return Empty()

    @contextmanager
    def _call(self, request: Any, context: Any, timeout_s: float | None = None) -> Iterator[Call]:
        """The request's time limit is for waits, which then say what they waited for."""
        with self._interrupts.during(context, 0) as interrupt:
            yield Call(
                urn=request.urn,
                kind=kinds.of_urn(request.urn),
                log=ResourceLog(self._log, request.urn),
                interrupt=interrupt,
                timeout_s=request.timeout if timeout_s is None else timeout_s,
            )


def _changes(found: Any) -> Any:
    return pb.DiffResponse.DIFF_SOME if found else pb.DiffResponse.DIFF_NONE
