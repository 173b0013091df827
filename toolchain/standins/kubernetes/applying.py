"""Creates and updates: the object is applied on the server, and then waited for."""

from __future__ import annotations

from typing import Any

from toolchain.standins.kubernetes import checkpoint
from toolchain.standins.kubernetes.annotations import PATCH_FORCE, SKIP_AWAIT, is_set
from toolchain.standins.kubernetes.call import Call
from toolchain.standins.kubernetes.cluster import Cluster
from toolchain.standins.kubernetes.errors import (
    CONFLICT,
    ApiError,
    InitFailedError,
    KubernetesError,
    NotReadyError,
)
from toolchain.standins.kubernetes.objects import Object, full_name, name_of, namespace_of
from toolchain.standins.kubernetes.owning import taken_over
from toolchain.standins.kubernetes.waiting import until_ready
from toolchain.standins.wire import bare

Properties = dict[str, Any]

_HOW_TO_FORCE = 'annotation pulumi.com/patchForce: "true" takes the fields over'


class Applying:
    """Makes objects so in one cluster. Inputs and states carry secret marks."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        """The new object's id and state."""
        body = bare(inputs)
        manager = checkpoint.manager_of({})
        try:
            live = self._new(call, body, manager)
        except KubernetesError as error:
            raise KubernetesError(
                f'resource "{call.urn}" was not successfully created '
                f"by the Kubernetes API server: {error}"
            ) from None
        failure = (
            f'resource "{call.urn}" was successfully created, but the Kubernetes API server '
            "reported that it failed to fully initialize or become live"
        )
        live = self._waited(call, inputs, live, manager, failure)
        return full_name(live), checkpoint.made(inputs, live, manager)

    def update(self, call: Call, state: Properties, inputs: Properties) -> Properties:
        """The changed object's state. What is refused leaves the state as it was."""
        body = bare(inputs)
        manager = checkpoint.manager_of(state)
        try:
            before = self._cluster.get(call.kind, namespace_of(body), name_of(body))
            if before is None:
                raise KubernetesError(f'{call.kind.name} "{full_name(body)}" not found')
            if owners := taken_over(before, manager):
                self._cluster.set_owners(call.kind, before, owners)
            live = self.applied(call, body, manager)
        except KubernetesError as error:
            raise KubernetesError(f'update of resource "{call.urn}" failed: {error}') from None
        failure = (
            f'the Kubernetes API server reported that "{full_name(live)}" '
            "failed to fully initialize or become live"
        )
        live = self._waited(call, inputs, live, manager, failure)
        return checkpoint.made(inputs, live, manager)

    def applied(self, call: Call, body: Object, manager: str, *, dry_run: bool = False) -> Object:
        """The object as the server has it now. A preview takes over fields, as it changes none."""
        force = dry_run or is_set(body, PATCH_FORCE)
        try:
            return self._cluster.apply(
                call.kind, body, manager=manager, force=force, dry_run=dry_run
            )
        except ApiError as error:
            if error.status != CONFLICT:
                raise
            raise KubernetesError(
                f"Server-Side Apply field conflict detected: {error}. {_HOW_TO_FORCE}"
            ) from None

    def _new(self, call: Call, body: Object, manager: str) -> Object:
        if self._cluster.get(call.kind, namespace_of(body), name_of(body)) is not None:
            raise KubernetesError(f'{call.kind.name} "{full_name(body)}" already exists')
        return self.applied(call, body, manager)

    def _waited(
        self, call: Call, inputs: Properties, live: Object, manager: str, failure: str
    ) -> Object:
        """The object when it is ready. From here on every failure has to leave it in the state."""
        body = bare(inputs)
        if is_set(body, SKIP_AWAIT):
            return live
        try:
            return until_ready(self._cluster, call.kind, live, call.patience(body), call.log)
        except KubernetesError as error:
            reasons = []
            if isinstance(error, NotReadyError):
                live, reasons = error.live, error.reasons
            raise InitFailedError(
                f"{failure}: {error}",
                [str(error), *reasons],
                full_name(live),
                checkpoint.made(inputs, live, manager),
                inputs,
            ) from None
