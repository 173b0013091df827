"""A running cluster as its clients see it: who is down, and for how long nobody could write."""

from __future__ import annotations

import json
import ssl
import threading
import time
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from itertools import cycle
from types import TracebackType
from typing import Self

from lab.hosts.machine import until
from lab.stack import EtcdStack

PAUSE_S = 0.1
LIMIT_S = 2.0
KEY_VALUE = {"key": "d2F0Y2g=", "value": "c2Vlbg=="}  # base64, as the gateway wants it


class MemberWatch:
    """Asks every member again and again whether it serves, and writes through any of them.

    `down_at_once` has every set of members that were down at the same time; `looks_per_s` is how
    often the least watched member was asked; `longest_gap_s` the longest time between two writes
    that a quorum took.
    """

    def __init__(self, stack: EtcdStack) -> None:
        flags = dict(flag.removeprefix("--").split("=", 1) for flag in stack.client_files())
        self._context = ssl.create_default_context(cafile=flags["cacert"])
        self._context.load_cert_chain(flags["cert"], flags["key"])
        self._addresses = {name: node["address"] for name, node in stack.spec["nodes"].items()}
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._down = set(self._addresses)
        self.down_at_once: set[frozenset[str]] = set()
        self.looks_per_s = 0.0
        self.longest_gap_s = 0.0
        self._looks = dict.fromkeys(self._addresses, 0)
        self._written_s = 0.0
        self._threads = [
            *(threading.Thread(target=self._look, args=(name,)) for name in self._addresses),
            threading.Thread(target=self._write),
        ]

    def __enter__(self) -> Self:
        self._started_s = time.monotonic()
        for thread in self._threads:
            thread.start()
        until(lambda: not self._down and self._written_s > 0, 20, lambda: f"{self._down} down")
        self.down_at_once.clear()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()
        now_s = time.monotonic()
        self.longest_gap_s = max(self.longest_gap_s, now_s - self._written_s)
        self.looks_per_s = min(self._looks.values()) / (now_s - self._started_s)

    def assert_one_down_at_most(self, gap_s: float = 5.0) -> None:
        """And nobody waited longer to write than an election takes on a busy machine."""
        assert max(map(len, self.down_at_once), default=0) <= 1, self.down_at_once
        assert self.longest_gap_s < gap_s

    def is_down(self, name: str) -> bool:
        """At this moment."""
        return name in self._down

    def _look(self, name: str) -> None:
        connection = self._connection(name)
        while not self._done.wait(PAUSE_S):
            # Also true of a member that has no leader: what counts here is whether it runs.
            answers = succeeds(connection, "GET", "/health?serializable=true")
            with self._lock:
                self._looks[name] += 1
                (self._down.discard if answers else self._down.add)(name)
                self.down_at_once.add(frozenset(self._down))

    def _write(self) -> None:
        connections = cycle([self._connection(name) for name in self._addresses])
        connection = next(connections)
        while not self._done.wait(PAUSE_S):
            if not succeeds(connection, "POST", "/v3/kv/put", json.dumps(KEY_VALUE)):
                connection = next(connections)
                continue
            now_s = time.monotonic()
            if self._written_s:
                self.longest_gap_s = max(self.longest_gap_s, now_s - self._written_s)
            self._written_s = now_s

    def _connection(self, name: str) -> HTTPSConnection:
        return HTTPSConnection(self._addresses[name], 2379, timeout=LIMIT_S, context=self._context)


def succeeds(connection: HTTPSConnection, method: str, path: str, body: str | None = None) -> bool:
    """Whether the answer is good; it connects where it is not yet, or no longer, connected."""
    return asked(connection, method, path, body) is not None


def asked(
    connection: HTTPSConnection, method: str, path: str, body: str | None = None
) -> bytes | None:
    """The answer, if it is good; it connects where it is not yet, or no longer, connected."""
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        answer = response.read()
    except (OSError, HTTPException):
        connection.close()  # the next question connects anew
        return None
    return answer if response.status == HTTPStatus.OK else None
