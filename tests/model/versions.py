"""The version of a cluster, which is its members' lowest minor, and of each member's data, which
follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model.machines import Machine, minor_of
from tests.model.raft import Copy, Log

if TYPE_CHECKING:
    from tests.model.world import World

# The leader looks that often.
LOOKS_S = 4
# That of 3.5 says nothing of the version of its data, and does not change it.
SAYS_SINCE = (3, 6)


def reads(copy: Copy, version: str) -> bool:
    """An etcd of this version starts with that data."""
    minor = minor_of(version)
    lowest = copy.log.minor
    if lowest is not None and minor < lowest:
        return False
    return copy.storage is None or 0 <= minor[1] - copy.storage[1] <= 1


def settle(world: World, leader: Machine) -> None:
    """What the leader and the members do about their versions once nothing has changed lately."""
    assert leader.process
    log = leader.process.copy.log
    reached = [m.process for m in world.reached_by(leader) if m.process]
    if max([log.told_s, *(process.since_s for process in reached)]) + LOOKS_S > world.now_s:
        return
    minors = {process.copy.id: minor_of(process.version) for process in reached}
    if set(log.config()) <= set(minors):
        _decide(log, set(minors.values()))
    for process in reached:
        if log.minor and minor_of(process.version) >= SAYS_SINCE:
            process.copy.storage = log.minor


def _decide(log: Log, minors: set[tuple[int, int]]) -> None:
    """Only with every member's answer."""
    if log.target is None:
        log.minor = max(log.minor or min(minors), min(minors))
        return
    log.minor = log.target
    if minors == {log.target}:
        log.target = None


def fields(copy: Copy, version: str) -> dict[str, str]:
    """As a status tells of them."""
    if minor_of(version) < SAYS_SINCE:
        return {}
    target = copy.log.target
    return {
        "StorageVersion": f'"{_release(copy.storage)}"',
        "DowngradeTargetVersion": f'"{_release(target)}"',
        "DowngradeEnabled": "true" if target else "false",
    }


def _release(minor: tuple[int, int] | None) -> str:
    return f"{minor[0]}.{minor[1]}.0" if minor else ""
