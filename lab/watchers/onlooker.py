"""Who is down and who restarts while something is done to a cluster."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import Self

from lab.client.client import write_identity
from lab.hosts.cluster import ClusterOnHosts, Watched, run_of
from lab.watchers.asking import Asking
from lab.watchers.down import DownAtOnce, Look
from lab.watchers.watch import Watch

_HEALTH = "/health?serializable=true"  # also true without a leader: the member runs
_MEMBERS = "/v3/cluster/member/list"
_OF_ALL = json.dumps({"linearizable": True})  # not what one member knows of them
_PAUSE_S = 0.2  # a member that restarts is away for a second and more
_NO_RUN = (0, 0)


class Onlooker:
    """Asks each member for its health and for the list of members, as the client whose files are in
    `identity`, and looks at its process."""

    def __init__(self, hosts: Sequence[Watched], identity: Path) -> None:
        self.down = DownAtOnce()
        self._identity = identity
        self._answers = [Watch(self._asking(host), _PAUSE_S) for host in hosts]
        self._list = Watch(self._listing(hosts), _PAUSE_S)
        self._runs = {host.name: Watch(partial(run_of, host), _PAUSE_S) for host in hosts}

    def __enter__(self) -> Self:
        watches: list[AbstractContextManager[object]]
        watches = [*self._answers, self._list, *self._runs.values()]
        with ExitStack() as entered:
            for watch in watches:
                entered.enter_context(watch)
            self._entered = entered.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._entered.close()

    def most_down(self) -> int:
        """How many members were down at once, at the worst moment."""
        return self.down.most()

    def restarts(self) -> dict[str, int]:
        """By member: its processes after the first."""
        runs = {name: {*watch.seen} - {_NO_RUN} for name, watch in self._runs.items()}
        return {name: max(0, len(seen) - 1) for name, seen in runs.items()}

    @property
    def looks_per_s(self) -> float:
        """How often the least watched member was asked."""
        return min(watch.looks_per_s for watch in self._answers)

    def _asking(self, host: Watched) -> Callable[[], bool]:
        member = Asking(host.address, self._identity)

        def ask() -> bool:
            answers = member.get(_HEALTH) is not None
            self.down.note(Look(time.monotonic(), host.name, answers))
            return answers

        return ask

    def _listing(self, hosts: Sequence[Watched]) -> Callable[[], None]:
        members = cycle([Asking(host.address, self._identity) for host in hosts])
        member = next(members)

        def note_members() -> None:
            nonlocal member
            asked_s = time.monotonic()
            answer = member.post(_MEMBERS, _OF_ALL)
            if answer is None:
                member = next(members)
            else:
                self.down.listed(_names(answer), asked_s)

        return note_members


def onlooker_of(cluster: ClusterOnHosts) -> Onlooker:
    """It asks as the stack's operator."""
    identity = cluster.stack.folder / "onlooker"
    write_identity(identity, cluster.stack.outputs())
    return Onlooker(cluster.hosts, identity)


def _names(answer: bytes) -> list[str]:
    """Of the members; one that has not started yet has none."""
    return [member["name"] for member in json.loads(answer)["members"] if "name" in member]
