"""Questions to a member over HTTPS, as whoever has the files in a folder."""

from __future__ import annotations

import ssl
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from pathlib import Path

from lab.hosts.cluster import CLIENT_PORT

LIMIT_S = 2.0


class Asking:
    """Connects where it is not yet, or no longer, connected, with `cacert`, `cert` and `key` of
    `identity` as they are at that time."""

    def __init__(self, address: str, identity: Path) -> None:
        self._address, self._identity = address, identity
        self._connection = self._connected()

    def get(self, path: str) -> bytes | None:
        """The answer, if it is good."""
        return self._asked("GET", path)

    def post(self, path: str, body: str) -> bytes | None:
        """The answer, if it is good."""
        return self._asked("POST", path, body)

    def _asked(self, method: str, path: str, body: str | None = None) -> bytes | None:
        try:
            self._connection.request(method, path, body)
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException):
            self._connect_anew()
            return None
        return answer if response.status == HTTPStatus.OK else None

    def _connect_anew(self) -> None:
        self._connection.close()
        # Where certificate and key do not fit, one of them is about to be replaced.
        with suppress(ssl.SSLError):
            self._connection = self._connected()

    def _connected(self) -> HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self._identity / "cacert"))
        context.load_cert_chain(self._identity / "cert", self._identity / "key")
        return HTTPSConnection(self._address, CLIENT_PORT, timeout=LIMIT_S, context=context)
