"""Downloads a file over HTTPS, bounded by how long nothing may arrive."""

from __future__ import annotations

import hashlib
import http.client
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from toolchain.progress import Progress

STALL_S = 10.0
CHUNK_BYTES = 1 << 16
POLL_S = 0.05


class FetchError(Exception):
    """Nothing came, or not what was pinned."""


class WrongChecksumError(FetchError):
    """The file arrived and is not the pinned one."""


def download(part: str, url: str, target: Path, sha256: str | None = None) -> None:
    """Write what `url` gives to `target`; with `sha256` only if it is that file.

    Raises FetchError once no byte has arrived for STALL_S seconds, looking up the name included.
    The transfer runs on a thread because a name look-up knows no timeout.
    """
    host = urlsplit(url).hostname
    transfer = _Transfer(url, target)
    transfer.start()
    received, last_growth = 0, time.monotonic()
    with Progress(part, f"downloading {url.rsplit('/', 1)[-1]}") as progress:
        while transfer.is_alive():
            transfer.join(POLL_S)
            progress.tick(f"{transfer.received / 1e6:.1f} MB")
            if transfer.received != received:
                received, last_growth = transfer.received, time.monotonic()
            elif time.monotonic() - last_growth > STALL_S:
                transfer.abandoned = True
                raise FetchError(f"{host}: nothing arrived for {STALL_S:.0f} s")
    if transfer.error:
        target.unlink(missing_ok=True)
        raise FetchError(f"{host}: {_reason(transfer.error)}")
    if sha256 and transfer.digest != sha256:
        target.unlink()
        raise WrongChecksumError(
            f"{host}: sha256 of {target.name} is {transfer.digest}, pinned is {sha256}"
        )


def _reason(error: Exception) -> str:
    """What the innermost error says: urllib wraps the system's."""
    if isinstance(error, http.client.IncompleteRead):
        return "the transfer broke off"
    if isinstance(error, http.client.BadStatusLine) and not isinstance(error, OSError):
        return f"its answer is no HTTP: {str(error).strip()!r}"
    inner = getattr(error, "reason", error)
    return str(getattr(inner, "strerror", None) or inner) or type(inner).__name__


class _Transfer(threading.Thread):
    def __init__(self, url: str, target: Path) -> None:
        super().__init__(daemon=True)
        self._url, self._target = url, target
        self.received = 0
        self.digest = ""
        self.error: Exception | None = None
        self.abandoned = False

    def run(self) -> None:
        try:
            with urllib.request.urlopen(self._url, timeout=STALL_S) as response:  # noqa: S310
                self._copy(response)
        except (OSError, ValueError, http.client.HTTPException) as error:
            self.error = error

    def _copy(self, response: Any) -> None:
        digest = hashlib.sha256()
        with self._target.open("wb") as file:
            while (chunk := response.read(CHUNK_BYTES)) and not self.abandoned:
                file.write(chunk)
                digest.update(chunk)
                self.received += len(chunk)
        # A read of a part does not say that the connection ended before the announced length.
        if missing := getattr(response, "length", None):
            raise http.client.IncompleteRead(b"", missing)
        self.digest = digest.hexdigest()
