"""What raft promises of committed entries: which copies of a log could elect a leader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Peer:
    """A member as the list of members has it; without a client URL it has not started yet."""

    name: str
    peer_url: str
    client_url: str = ""
    learner: bool = False


Config = Mapping[int, Peer]


@dataclass
class Log:
    """Everything a cluster has committed: writes, which are only counted, and who is a member.
    `led`: it has had a leader, so it lives. `used`: the members that have started once. `minor` is
    its version, and `target` that of a downgrade, which it was told at `told_s`."""

    configs: list[tuple[int, Config]]
    length: int = 1
    led: bool = False
    used: set[int] = field(default_factory=set)
    minor: tuple[int, int] | None = None
    target: tuple[int, int] | None = None
    told_s: float = 0

    @classmethod
    def founded(cls, config: Config) -> Log:
        return cls([(0, config)])

    def config(self, length: int | None = None) -> Config:
        """As of that many entries; by default all."""
        known = self.length if length is None else length
        return next(config for position, config in reversed(self.configs) if position <= known)

    def write(self) -> None:
        self.length += 1

    def change(self, **members: Peer | None) -> None:
        """Members by `m<id>`; None for one that goes."""
        changed = dict(self.config())
        for key, peer in members.items():
            changed.pop(int(key[1:]), None)
            if peer is not None:
                changed[int(key[1:])] = peer
        self.length += 1
        self.configs.append((self.length, changed))


@dataclass(eq=False)
class Copy:
    """What one data folder holds: the first `length` entries, as the member `id`, written for the
    minor `storage`. `ran`: the version that it was last started with."""

    number: int
    log: Log
    id: int
    length: int = 0
    catches_up_at_s: float = field(default=0)
    storage: tuple[int, int] | None = None
    ran: str = ""


def voters(config: Config) -> set[int]:
    return {member_id for member_id, peer in config.items() if not peer.learner}


def majority(count: int) -> int:
    return count // 2 + 1


def may_lead(candidate: Copy, heard: Iterable[Copy]) -> bool:
    """`heard`: the copies that the candidate reaches, itself included."""
    voting = voters(candidate.log.config(candidate.length))
    if candidate.id not in voting:
        return False
    granted = {copy.id for copy in heard if copy.id in voting and copy.length <= candidate.length}
    return len(granted) >= majority(len(voting))


def promoted(peer: Peer) -> Peer:
    return replace(peer, learner=False)
