"""Names for objects that the program gives none."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes.annotations import AUTONAMED, is_set
from toolchain.standins.kubernetes.objects import name_of, within
from toolchain.standins.wire import bare

_SUFFIX_BYTES = 4


def named(
    inputs: Mapping[str, Any], olds: Mapping[str, Any], base: str, seed: bytes
) -> dict[str, Any]:
    """The inputs with a name: their own, else the made-up one they had, else `<base>-<random>`.

    Where the old object's name was given by the program, and is so no more, none is made up: the
    engine finds that the name is gone, replaces the object and asks again, without an old one.
    """
    metadata = inputs.get("metadata", {})
    if not isinstance(metadata, dict) or "name" in metadata or "generateName" in metadata:
        return dict(inputs)
    old = bare(dict(olds))
    if not old:
        return _with_name(inputs, f"{base}-{_suffix(seed)}")
    if is_set(old, AUTONAMED) and name_of(old):
        return _with_name(inputs, name_of(old))
    return dict(inputs)


def autonamed(inputs: Mapping[str, Any]) -> bool:
    """Whether the name was made up here."""
    return is_set(inputs, AUTONAMED)


def _with_name(inputs: Mapping[str, Any], name: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {**inputs.get("metadata", {}), "name": name}
    annotations = within(metadata, "annotations") or {}
    if isinstance(annotations, dict):  # else they are all unknown or secret, as they may be
        metadata["annotations"] = {**annotations, AUTONAMED: "true"}
    return {**inputs, "metadata": metadata}


def _suffix(seed: bytes) -> str:
    """The engine's seed makes an update's name that of its plan; without one it is anything."""
    if not seed:
        return secrets.token_hex(_SUFFIX_BYTES)
    return hashlib.sha256(seed).hexdigest()[: 2 * _SUFFIX_BYTES]
