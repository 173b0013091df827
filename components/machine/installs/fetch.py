"""Fetches a file once: in parts if the transfer breaks, and only ever the file that was pinned."""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STALL_S = 30.0
PAUSES_S = (1.0, 2.0, 0.0)
CHUNK_BYTES = 1 << 16
PARTIAL_CONTENT = 206
RANGE_NOT_SATISFIABLE = 416


class FetchError(Exception):
    """The file did not come, or is not the pinned one."""


def fetch(url: str, sha256: str, target: Path) -> None:
    """Makes `target` the file of that SHA-256; nothing is asked for if it is already there.

    `url` is http, https or file. A broken transfer is continued, by this call or a later one.
    Raises FetchError when it breaks again and again, or brings another file.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target):
        if not _holds(target, sha256):
            part = target.with_name(f"{target.name}.part")
            _fetch(url, sha256, part)
            part.replace(target)


def _fetch(url: str, sha256: str, part: Path) -> None:
    why = ""
    for pause_s in PAUSES_S:
        continued = part.exists()
        try:
            _transfer(url, part)
        except (OSError, ValueError, http.client.HTTPException) as error:
            why = _reason(error)
            time.sleep(pause_s)
            continue
        if _holds(part, sha256):
            return
        why = f"its sha256 is {_sha256(part)}, wanted is {sha256}"
        part.unlink()
        if not continued:
            break
    raise FetchError(f"{url}: {why}")


def _transfer(url: str, part: Path) -> None:
    """Appends what is missing; all of it where the server does not know how to continue."""
    begun = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={begun}-"} if begun else {})  # noqa: S310 (the spec lets http, https and file through)
    try:
        with urllib.request.urlopen(request, timeout=STALL_S) as response:  # noqa: S310
            _store(response, part, "ab" if response.status == PARTIAL_CONTENT else "wb")
    except urllib.error.HTTPError as error:
        if error.code == RANGE_NOT_SATISFIABLE:
            part.unlink()
        raise


def _store(response: Any, part: Path, mode: str) -> None:
    """Raises ConnectionError when less arrives than was announced."""
    announced = response.headers.get("Content-Length")
    received = 0
    with part.open(mode) as file:
        while chunk := response.read(CHUNK_BYTES):
            file.write(chunk)
            received += len(chunk)
    if announced is not None and received < int(announced):
        raise ConnectionError(f"the connection broke after {received} of {announced} bytes")


def _holds(path: Path, sha256: str) -> bool:
    return path.exists() and _sha256(path) == sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Two previews at once must not write to the same beginning."""
    with target.with_name(f"{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _reason(error: Exception) -> str:
    """What the innermost error says: urllib wraps the system's."""
    if isinstance(error, urllib.error.HTTPError):
        return str(error)
    if isinstance(error, http.client.BadStatusLine) and not isinstance(error, OSError):
        return f"its answer is no HTTP: {str(error).strip()!r}"
    inner = getattr(error, "reason", error)
    return str(getattr(inner, "strerror", None) or inner or type(error).__name__)
