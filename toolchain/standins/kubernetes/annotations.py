"""The annotations with which a program says how an object is to be handled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes.objects import within

AUTONAMED = "pulumi.com/autonamed"
SKIP_AWAIT = "pulumi.com/skipAwait"
TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds"
PATCH_FORCE = "pulumi.com/patchForce"
FIELD_MANAGER = "pulumi.com/patchFieldManager"
PROPAGATION = "pulumi.com/deletionPropagationPolicy"

_PROPAGATIONS = {"orphan": "Orphan", "background": "Background"}


def annotation(value: Mapping[str, Any], key: str) -> str:
    """The annotation's text, empty where there is none or none is known yet."""
    found = within(value, "metadata", "annotations", key)
    return found if isinstance(found, str) else ""


def is_set(value: Mapping[str, Any], key: str) -> bool:
    """Whether the annotation is `true`."""
    return annotation(value, key) == "true"


def timeout_seconds(value: Mapping[str, Any]) -> int | None:
    """How long to wait for the object; None where no whole number says so."""
    text = annotation(value, TIMEOUT_SECONDS)
    return int(text) if text.isascii() and text.isdigit() else None


def propagation(value: Mapping[str, Any]) -> str:
    """What is to become of what the object owns when it is deleted."""
    return _PROPAGATIONS.get(annotation(value, PROPAGATION).lower(), "Foreground")
