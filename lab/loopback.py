"""Loopback networks and ports that nobody else has while this process lives, in this run or
another one beside it.

A socket that is bound, and never listens, reserves each of them on an address that nobody uses.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from itertools import product

Place = tuple[str, int]

# A test run makes hundreds of clusters, each with a network of its own.
_NETWORKS = [f"127.{second}.{third}" for second, third in product(range(60, 70), range(1, 256))]
# Below those that the kernel gives to clients, any of which may have one when it is wanted.
_PORTS = range(20000, 30000)
_reservations: list[socket.socket] = []


def own_network() -> str:
    """Three bytes of it."""
    while True:
        # Reserved before it is tried: a bind would disturb members that another process has there.
        address, _ = _first_free((f"{network}.254", 2400) for network in _NETWORKS)
        network = address.removesuffix(".254")
        if _is_quiet(network):
            return network


def own_port() -> int:
    """A port of 127.0.0.1."""
    _, port = _first_free(("127.0.0.2", port) for port in _PORTS if _is_free("127.0.0.1", port))
    return port


def _first_free(places: Iterable[Place]) -> Place:
    for place in places:
        reservation = socket.socket()
        try:
            reservation.bind(place)
        except OSError:
            reservation.close()
            continue
        _reservations.append(reservation)
        return place
    raise RuntimeError("nothing is free on the loopback interface")


def _is_quiet(network: str) -> bool:
    """No members are left there of a run that was killed."""
    return all(_is_free(f"{network}.{node}", 2379) for node in (1, 2, 3))


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
