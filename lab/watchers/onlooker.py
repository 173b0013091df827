"""Who is down and who restarts while something is done to a cluster."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from http.client import HTTPSConnection
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import Self

from lab.hosts.cluster import CLIENT_PORT, Watched, run_of
from lab.watchers.down import DownAtOnce, Look
from lab.watchers.member_watch import asked
from lab.watchers.watch import Watch

_HEALTH = "/health?serializable=true"  # also true without a leader: the member runs
_MEMBERS = "/v3/cluster/member/list"
_OF_ALL = json.dumps({"linearizable": True})  # not what one member knows of them
_PAUSE_S = 0.1
_LIMIT_S = 2.0
_NO_RUN = (0, 0)


class Onlooker:
    """Asks each member for its health and for the list of members, with what the client in
    `identity` shows and trusts at that time, and looks at its process."""

    def __init__(self, hosts: Sequence[Watched], identity: Path) -> None:
        self.down = DownAtOnce()
        self._identity = identity
        self._answers = [Watch(self._asking(host), _PAUSE_S) for host in hosts]
        self._members = Watch(self._listing(hosts), _PAUSE_S)
        self._runs = {host.name: Watch(partial(run_of, host), _PAUSE_S) for host in hosts}

    def __enter__(self) -> Self:
        with ExitStack() as entered:
            for watch in (*self._answers, self._members, *self._runs.values()):
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

    def _asking(self, host: Watched) -> Callable[[], bool]:
        connection = self._connection(host)

        def ask() -> bool:
            nonlocal connection
            answers = asked(connection, "GET", _HEALTH) is not None
            if not answers:
                connection = self._anew(host, connection)
            self.down.note(Look(time.monotonic(), host.name, answers))
            return answers

        return ask

    def _listing(self, hosts: Sequence[Watched]) -> Callable[[], list[str]]:
        turn = cycle(hosts)
        connection = self._connection(next(turn))

        def members() -> list[str]:
            nonlocal connection
            asked_s = time.monotonic()
            answer = asked(connection, "POST", _MEMBERS, _OF_ALL)
            if answer is None:
                connection = self._anew(next(turn), connection)
                return []
            names = _names(answer)
            self.down.listed(names, asked_s)
            return names

        return members

    def _anew(self, host: Watched, former: HTTPSConnection) -> HTTPSConnection:
        """With the files as they are now: where two do not fit, one is about to be replaced."""
        try:
            return self._connection(host)
        except ssl.SSLError:
            return former

    def _connection(self, host: Watched) -> HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self._identity / "cacert"))
        context.load_cert_chain(self._identity / "cert", self._identity / "key")
        return HTTPSConnection(host.address, CLIENT_PORT, timeout=_LIMIT_S, context=context)


def _names(answer: bytes) -> list[str]:
    """Of the members; one that has not started yet has none."""
    return [member["name"] for member in json.loads(answer)["members"] if "name" in member]
