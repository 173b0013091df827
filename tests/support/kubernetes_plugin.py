"""The kubernetes stand-in in this process, called over the protocol as the engine calls it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import provider_pb2_grpc, status_pb2

from toolchain.standins.kubernetes.provider import KubernetesProvider
from toolchain.standins.wire import from_plain, to_plain

LIMIT_S = 20
TOKENS = {
    "Namespace": "core/v1",
    "Secret": "core/v1",
    "ConfigMap": "core/v1",
    "Service": "core/v1",
    "StatefulSet": "apps/v1",
}


def urn(kind: str) -> str:
    return f"urn:pulumi:dev::project::my:Component$kubernetes:{TOKENS[kind]}:{kind}::res"


class Plugin:
    """A configured provider."""

    def __init__(self, stub: provider_pb2_grpc.ResourceProviderStub) -> None:
        self.stub = stub

    def configure(self, **variables: str) -> None:
        given = {f"kubernetes:config:{name}": value for name, value in variables.items()}
        self.stub.Configure(pb.ConfigureRequest(variables=given, acceptSecrets=True))

    def check(self, kind: str, news: dict[str, Any]) -> Any:
        """As a class of the SDK asks for it: with the kind of the object."""
        said = {"apiVersion": TOKENS[kind].removeprefix("core/"), "kind": kind, **news}
        request = pb.CheckRequest(urn=urn(kind), news=from_plain(said))
        return to_plain(self.stub.Check(request).inputs)

    def diff(
        self,
        kind: str,
        state: dict[str, Any],
        news: dict[str, Any],
        old_inputs: dict[str, Any] | None = None,
    ) -> Any:
        request = pb.DiffRequest(
            urn=urn(kind),
            olds=from_plain(state),
            news=from_plain(news),
            old_inputs=from_plain(old_inputs or {}),
        )
        return self.stub.Diff(request)

    def create(
        self, kind: str, inputs: dict[str, Any], *, preview: bool = False, timeout: float = 0
    ) -> tuple[str, dict[str, Any]]:
        request = pb.CreateRequest(
            urn=urn(kind), properties=from_plain(inputs), preview=preview, timeout=timeout
        )
        answer = self.stub.Create(request, timeout=LIMIT_S)
        return answer.id, to_plain(answer.properties)

    def made(self, kind: str, inputs: dict[str, Any], **options: Any) -> tuple[str, dict[str, Any]]:
        """Check, then create, as the engine does."""
        return self.create(kind, self.check(kind, inputs), **options)

    def update(
        self,
        kind: str,
        state: dict[str, Any],
        news: dict[str, Any],
        *,
        preview: bool = False,
        timeout: float = 0,
    ) -> dict[str, Any]:
        request = pb.UpdateRequest(
            urn=urn(kind),
            olds=from_plain(state),
            news=from_plain(news),
            preview=preview,
            timeout=timeout,
        )
        return to_plain(self.stub.Update(request, timeout=LIMIT_S).properties)

    def read(
        self,
        kind: str,
        resource_id: str,
        state: dict[str, Any] | None = None,
        inputs: dict[str, Any] | None = None,
    ) -> Any:
        request = pb.ReadRequest(
            urn=urn(kind),
            id=resource_id,
            properties=from_plain(state or {}),
            inputs=from_plain(inputs or {}),
        )
        return self.stub.Read(request, timeout=LIMIT_S)

    def delete(
        self, kind: str, resource_id: str, state: dict[str, Any], timeout: float = 0
    ) -> None:
        request = pb.DeleteRequest(
            urn=urn(kind), id=resource_id, properties=from_plain(state), timeout=timeout
        )
        self.stub.Delete(request, timeout=LIMIT_S)


@contextmanager
def running(engine: str) -> Iterator[Plugin]:
    """A provider that is not configured yet; `engine` is where its log goes."""
    server = grpc.server(ThreadPoolExecutor(8))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(KubernetesProvider(engine), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Plugin(provider_pb2_grpc.ResourceProviderStub(channel))
    server.stop(None)


def recorded(refusal: pytest.ExceptionInfo[grpc.RpcError]) -> pb.ErrorResourceInitFailed | None:
    """What a failure tells the engine to record, None for one that records nothing."""
    details = dict(refusal.value.trailing_metadata() or ()).get("grpc-status-details-bin")
    if details is None:
        return None
    failed = pb.ErrorResourceInitFailed()
    (packed,) = status_pb2.Status.FromString(details).details
    assert packed.Unpack(failed)
    return failed
