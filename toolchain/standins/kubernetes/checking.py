"""Check: what becomes of a program's inputs before anything is compared or sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes.errors import KubernetesError
from toolchain.standins.kubernetes.kinds import Kind
from toolchain.standins.kubernetes.normal import normal
from toolchain.standins.wire import Secret, bare


def checked(kind: Kind, news: Mapping[str, Any], namespace: str) -> dict[str, Any]:
    """The inputs in the official plugin's form, with a namespace.

    `namespace` is for objects that name none. Raises KubernetesError for those that do not say
    what they are, and for those without a name.
    """
    inputs = normal(kind, without_nulls(dict(news)))
    _require_kind(kind, inputs)
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


def _require_kind(kind: Kind, inputs: Mapping[str, Any]) -> None:
    """The SDK's classes say it. The official plugin cannot create an object that does not."""
    for name, wanted in (("apiVersion", kind.api_version), ("kind", kind.name)):
        if bare(inputs.get(name)) != wanted:
            raise KubernetesError(
                f"a {kind.name} has to say `{name}: {wanted}`, else the official plugin cannot "
                "create it"
            )


def without_nulls(value: Any) -> Any:
    """The value without members that are null, at every depth; elements of lists stay."""
    if isinstance(value, Secret):
        return Secret(without_nulls(value.value))
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [without_nulls(part) for part in value]
    return value
