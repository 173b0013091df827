"""Deletes an object and waits until it is gone."""

from __future__ import annotations

from typing import Any

from toolchain.standins.kubernetes import checkpoint
from toolchain.standins.kubernetes.annotations import SKIP_AWAIT, is_set
from toolchain.standins.kubernetes.call import Call
from toolchain.standins.kubernetes.cluster import Cluster
from toolchain.standins.kubernetes.errors import NOT_FOUND, ApiError
from toolchain.standins.kubernetes.kinds import NAMESPACE, STATEFUL_SET
from toolchain.standins.kubernetes.objects import split_id
from toolchain.standins.kubernetes.waiting import until_gone
from toolchain.standins.wire import bare

# `pulumi.com/skipAwait` holds for the delete of these only, for what it once meant.
_MAY_BE_LEFT = {NAMESPACE, STATEFUL_SET}


def delete(cluster: Cluster, call: Call, resource_id: str, state: dict[str, Any]) -> None:
    """Return when the object is gone; it may have been before."""
    namespace, name = split_id(resource_id)
    inputs = bare(checkpoint.inputs_of(state))
    patience = call.patience(inputs)
    live = cluster.get(call.kind, namespace, name)
    if live is None:
        return
    try:
        cluster.delete(call.kind, namespace, name)
    except ApiError as error:
        if error.status == NOT_FOUND:
            return
        raise
    if not (call.kind in _MAY_BE_LEFT and is_set(inputs, SKIP_AWAIT)):
        until_gone(cluster, call.kind, live, patience, call.log)
