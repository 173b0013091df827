"""Check: what becomes of a program's inputs before anything is compared or sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes.errors import KubernetesError
from toolchain.standins.kubernetes.kinds import Kind
from toolchain.standins.kubernetes.naming import named
from toolchain.standins.wire import Secret

# What the API server sets; the same program may have it from another object that it copies.
READ_ONLY = (
    *("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation"),
    *("managedFields", "resourceVersion", "uid"),
)


def checked(
    kind: Kind,
    news: Mapping[str, Any],
    olds: Mapping[str, Any],
    *,
    base: str,
    seed: bytes,
    namespace: str,
    namespaced: bool,
) -> dict[str, Any]:
    """The inputs with kind, name and namespace, without nulls and what only the server may set.

    `base` is the resource's own name. Raises KubernetesError for `generateName`.
    """
    inputs = {
        **without_nulls(dict(news)),
        "apiVersion": kind.api_version,
        "kind": kind.name,
    }
    metadata = inputs.get("metadata", {})
    if not isinstance(metadata, dict):
        return inputs  # not known yet, as a whole
    if "generateName" in metadata:
        raise KubernetesError(
            "the `.metadata.generateName` field is not supported in Server-Side Apply mode"
        )
    inputs["metadata"] = {name: part for name, part in metadata.items() if name not in READ_ONLY}
    inputs = named(inputs, olds, base, seed)
    if namespaced and namespace:
        inputs["metadata"] = {**inputs["metadata"]}
        inputs["metadata"].setdefault("namespace", namespace)
    return inputs


def without_nulls(value: Any) -> Any:
    """The value without members that are null, at every depth; elements of lists stay."""
    if isinstance(value, Secret):
        return Secret(without_nulls(value.value))
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [without_nulls(part) for part in value]
    return value
