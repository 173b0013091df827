"""A program's inputs as the properties that the resource then has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from toolchain.standins.tls.errors import TlsError
from toolchain.standins.tls.schema import Input, Kind, Resource

FLAGS = {"true": True, "false": False}
TYPE_NAMES: dict[Kind, str] = {"number": "Number", "flag": "Bool"}


def properties(resource: Resource, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The resource's input properties: given ones in their own type, defaults for the others.

    A property that is not set and has no default is left out, as are properties the resource
    does not have. Raises TlsError for a number or flag that is neither that nor a text of one.
    """
    found = {}
    for known in resource.inputs:
        value = typed(known, inputs.get(known.name))
        if value is None:
            value = known.default
        if value is not None:
            found[known.name] = value
    return found


def typed(known: Input, value: Any) -> Any:
    """The value in the property's type; None and UNKNOWN stay."""
    if known.kind == "object" and isinstance(value, dict):
        return {name: inner for name, inner in value.items() if inner is not None}
    if known.kind not in TYPE_NAMES or not isinstance(value, str):
        return value
    if known.kind == "number" and re.fullmatch(r"[+-]?\d+", value):
        return int(value)
    if known.kind == "flag" and value in FLAGS:
        return FLAGS[value]
    raise TlsError(
        "cannot encode resource inputs to call ValidateResourceConfig: objectEncoder failed on "
        f'property "{snake_case(known.name)}": Expected a {TYPE_NAMES[known.kind]}, '
        f"got resource.PropertyValue{{V:{json.dumps(value)}}} true"
    )


def snake_case(name: str) -> str:
    """`ecdsaCurve` as `ecdsa_curve`, the name that the official plugin's errors use."""
    return re.sub(r"([A-Z])", r"_\1", name).lower()
