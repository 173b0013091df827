"""Downloads: the pinned file or none, and no waiting for what does not come."""

from __future__ import annotations

import hashlib
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolchain import fetch
from toolchain.fetch import FetchError, WrongChecksumError, download

CONTENT = b"archive" * 1000


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(CONTENT)
        self.wfile.flush()
        if self.path == "/stalls":
            time.sleep(3)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_the_pinned_file_is_taken(site: str, tmp_path: Path) -> None:
    download("x", f"{site}/file", tmp_path / "file", hashlib.sha256(CONTENT).hexdigest())
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_another_file_is_refused_and_removed(site: str, tmp_path: Path) -> None:
    with pytest.raises(WrongChecksumError, match="pinned is 00"):
        download("x", f"{site}/file", tmp_path / "file", "00")
    assert not (tmp_path / "file").exists()


def test_an_error_of_the_server_is_told(site: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="Not Found"):
        download("x", f"{site}/missing", tmp_path / "file")


def test_a_refused_connection_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1.*refused"):
        download("x", "http://127.0.0.1:1/file", tmp_path / "file")


def test_a_transfer_that_stops_is_given_up(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "STALL_S", 0.3)
    start = time.monotonic()
    with pytest.raises(FetchError):
        download("x", f"{site}/stalls", tmp_path / "file")
    assert time.monotonic() - start < 2
