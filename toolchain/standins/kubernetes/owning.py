"""Whose fields of an object are, as the API server keeps it in `managedFields`.

The official plugin creates objects by an ordinary request. What it wrote that way belongs to
another owner than what it applies later, though both have one name: an apply of other values would
be refused, and fields that a program takes away would stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes.objects import Object, items

_OF_CREATES = ("pulumi-kubernetes", "pulumi-resource-kubernetes")


def taken_over(live: Object, manager: str) -> list[Object] | None:
    """The owners once `manager` applies what the plugin created; None if they stay as they are."""
    entries = items(live, "metadata", "managedFields")
    created = [entry for entry in entries if _is_of_a_create(entry)]
    if not created:
        return None
    applied = [entry for entry in entries if _is_of_an_apply(entry, manager)]
    fields: dict[str, Any] = {}
    for entry in created + applied:
        fields = _united(fields, entry.get("fieldsV1") or {})
    ours = {**(applied or created)[0], "manager": manager, "operation": "Apply", "fieldsV1": fields}
    return [entry for entry in entries if entry not in created + applied] + [ours]


def _is_of_a_create(entry: Object) -> bool:
    name, operation = str(entry.get("manager")), entry.get("operation")
    return operation == "Update" and name.startswith(_OF_CREATES) and not entry.get("subresource")


def _is_of_an_apply(entry: Object, manager: str) -> bool:
    return entry.get("operation") == "Apply" and entry.get("manager") == manager


def _united(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Trees of field names, whose leaves are empty."""
    names = {**one, **other}
    return {name: _united(one.get(name, {}), other.get(name, {})) for name in names}
