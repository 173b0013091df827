"""Who is down and who restarts while something is done to a cluster."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from http.client import HTTPSConnection
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.operations.down import DownAtOnce
from tests.hosts.cluster import CLIENT_PORT, run_of
from tests.hosts.host import Host
from tests.hosts.member_watch import succeeds
from tests.support.watch import Watch

_HEALTH = "/health?serializable=true"  # also true without a leader: the member runs
_HEALTH_PAUSE_S = 0.05
_RUN_PAUSE_S = 0.1
_LIMIT_S = 2.0
_NO_RUN = (0, 0)


class Onlooker:
    """Asks each member for its health, with what the client in `identity` shows and trusts at that
    time, and looks at its process."""

    def __init__(self, hosts: Sequence[Host], identity: Path) -> None:
        self.down = DownAtOnce()
        self._identity = identity
        self._health = [Watch(self._asking(host), _HEALTH_PAUSE_S) for host in hosts]
        self._runs = {host.name: Watch(partial(run_of, host), _RUN_PAUSE_S) for host in hosts}

    def __enter__(self) -> Self:
        with ExitStack() as entered:
            for watch in (*self._health, *self._runs.values()):
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

    def restarts(self) -> dict[str, int]:
        """By member: its processes after the first."""
        runs = {name: {*watch.seen} - {_NO_RUN} for name, watch in self._runs.items()}
        return {name: max(0, len(seen) - 1) for name, seen in runs.items()}

    def _asking(self, host: Host) -> Callable[[], bool]:
        connection = self._connection(host)

        def ask() -> bool:
            nonlocal connection
            answers = succeeds(connection, "GET", _HEALTH)
            if not answers:
                connection = self._connection(host)  # with the files as they are now
            self.down.note(host.name, answers=answers)
            return answers

        return ask

    def _connection(self, host: Host) -> HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self._identity / "cacert"))
        context.load_cert_chain(self._identity / "cert", self._identity / "key")
        return HTTPSConnection(host.address, CLIENT_PORT, timeout=_LIMIT_S, context=context)
