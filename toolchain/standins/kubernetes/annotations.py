"""The annotations with which a program says how an object is to be handled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes.objects import within

SKIP_AWAIT = "pulumi.com/skipAwait"
TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds"
PATCH_FORCE = "pulumi.com/patchForce"


def is_set(value: Mapping[str, Any], key: str) -> bool:
    """Whether the annotation is `true`."""
    return bool(within(value, "metadata", "annotations", key) == "true")


def timeout_seconds(value: Mapping[str, Any]) -> int | None:
    """How long to wait for the object; None where no whole number says so."""
    text = within(value, "metadata", "annotations", TIMEOUT_SECONDS)
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else None
