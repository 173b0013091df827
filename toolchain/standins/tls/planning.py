"""What a preview shows, what a change means, what an update and a refresh leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from toolchain.standins.tls.renewal import born_ready, in_window
from toolchain.standins.tls.schema import Resource
from toolchain.standins.tls.values import properties
from toolchain.standins.wire import UNKNOWN

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """The properties that change, and those of them that make a new resource."""

    changed: frozenset[str]
    replaces: frozenset[str]


def preview(resource: Resource, inputs: Properties) -> dict[str, Any]:
    """The outputs that a create with these inputs would have, as far as they are known."""
    return {**dict.fromkeys(["id", *resource.computed], UNKNOWN), **_planned(resource, inputs)}


def difference(
    resource: Resource, outputs: Properties, inputs: Properties, now: datetime
) -> Difference:
    """What changes when a resource with these outputs gets these inputs.

    Every changed input replaces, unless its table says otherwise. A certificate inside its
    renewal window replaces too, even with unchanged inputs and without a refresh.
    """
    planned = _planned(resource, inputs)
    names = {known.name for known in resource.inputs}
    if resource.expires:
        names.add("readyForRenewal")
    changed = {name for name in names if planned.get(name) != outputs.get(name)}
    replaces = {known.name for known in resource.inputs if known.replaces} & changed
    if resource.expires and in_window(outputs, planned["earlyRenewalHours"], now):
        changed.add("readyForRenewal")
        replaces.add("readyForRenewal")
    if replaces and resource.replacement_renews:
        changed.update(["id", *resource.computed])
    return Difference(frozenset(changed), frozenset(replaces))


def updated(resource: Resource, outputs: Properties, inputs: Properties) -> dict[str, Any]:
    """The outputs after a change that does not replace: keys and certificates stay."""
    return {**outputs, **_planned(resource, inputs)}


def refreshed(resource: Resource, outputs: Properties, now: datetime) -> dict[str, Any]:
    """The outputs at a later time: a certificate may have come into its renewal window."""
    ready = resource.expires and in_window(outputs, outputs["earlyRenewalHours"], now)
    return {**outputs, "readyForRenewal": True} if ready else dict(outputs)


def _planned(resource: Resource, inputs: Properties) -> dict[str, Any]:
    """The properties that are known before anything is made."""
    wanted = properties(resource, inputs)
    return {**wanted, "readyForRenewal": born_ready(wanted)} if resource.expires else wanted
