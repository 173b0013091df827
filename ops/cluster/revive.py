"""Members of this machine that are down although nothing is to change.

The engine compares what was asked for with what it did last, so somebody who ends a member by hand
goes unseen by `up`. Members elsewhere are looked after by their own init system, and their ports
may well be closed to this machine: only loopback addresses are looked at, and pods, of which one
that has lost its volume waits for a hand.
"""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from ops.cluster import pods
from ops.engine.events import Event, Finished

CONNECT_TIMEOUT_S = 1


def silent_members(events: Iterable[Event], unreachable: Collection[str]) -> list[str]:
    """Names of members on loopback addresses whose client port nobody listens on, and of pods that
    are not ready. Nodes that the stack file calls `unreachable` are meant to be silent."""
    outputs = _outputs(events)
    if "pods" in outputs:
        return pods.not_ready(outputs["pods"])
    members = outputs.get("members", {}).items()
    expected = [(name, member) for name, member in members if name not in unreachable]
    return [name for name, member in expected if _is_silent(str(member["client_url"]))]


def replacing(events: Iterable[Event], members: Iterable[str]) -> tuple[str, ...]:
    """Options of `up` that run these members' apply once more, and nothing else."""
    endings = tuple(f"-{member}-apply" for member in members)
    urns = {
        event.step.resource.urn
        for event in events
        if isinstance(event, Finished) and event.step.resource.name.endswith(endings)
    }
    return tuple(f"--target-replace={urn}" for urn in sorted(urns))


def _outputs(events: Iterable[Event]) -> Mapping[str, Any]:
    for event in events:
        if isinstance(event, Finished) and event.step.resource.is_stack:
            return event.step.outputs
    return {}


def _is_silent(url: str) -> bool:
    parts = urlsplit(url)
    address, port = parts.hostname or "", parts.port or 0
    if not ip_address(address).is_loopback:
        return False
    try:
        socket.create_connection((address, port), CONNECT_TIMEOUT_S).close()
    except OSError:
        return True
    return False
