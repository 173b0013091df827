"""Members of this machine that are down although nothing is to change.

The engine compares what was asked for with what it did last, so somebody who ends a member by hand
goes unseen by `up`. Members elsewhere are looked after by their own init system, and their ports
may well be closed to this machine: only loopback addresses are looked at.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from ops.events import Event, Finished

CONNECT_TIMEOUT_S = 1


def silent_members(events: Iterable[Event]) -> list[str]:
    """Names of members on loopback addresses whose client port nobody listens on."""
    return [name for name, url in _client_urls(events).items() if _is_silent(url)]


def replacing(events: Iterable[Event], members: Iterable[str]) -> tuple[str, ...]:
    """Options of `up` that run these members' apply once more, and nothing else."""
    endings = tuple(f"-{member}-apply" for member in members)
    urns = {
        event.step.resource.urn
        for event in events
        if isinstance(event, Finished) and event.step.resource.name.endswith(endings)
    }
    return tuple(f"--target-replace={urn}" for urn in sorted(urns))


def _client_urls(events: Iterable[Event]) -> dict[str, str]:
    for event in events:
        if isinstance(event, Finished) and event.step.resource.is_stack:
            members = event.step.outputs.get("members")
            if isinstance(members, dict):
                return {name: str(member["client_url"]) for name, member in members.items()}
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
