"""Check: what becomes of a program's inputs before anything is compared or sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes.errors import KubernetesError
from toolchain.standins.kubernetes.kinds import Kind
from toolchain.standins.wire import Secret


def checked(kind: Kind, news: Mapping[str, Any], namespace: str) -> dict[str, Any]:
    """The inputs with kind and namespace, without nulls.

    `namespace` is for objects that name none. Raises KubernetesError for those without a name.
    """
    inputs = {
        **without_nulls(dict(news)),
        "apiVersion": kind.api_version,
        "kind": kind.name,
    }
    metadata = inputs.get("metadata", {})
    if not isinstance(metadata, dict):
        return inputs  # not known yet, as a whole
    if "name" not in metadata:
        raise KubernetesError(
            "the stand-in for the kubernetes plugin makes no names up: give `metadata.name`"
        )
    if kind.namespaced:
        inputs["metadata"] = {"namespace": namespace, **metadata}
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
