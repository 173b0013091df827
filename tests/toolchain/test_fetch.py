"""Downloads: the pinned file or none, and no waiting for what does not come."""

from __future__ import annotations

import hashlib
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.answers import answering
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


BROKEN_OFF = "the transfer broke off"
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("sha256", [None, "00"])
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "Remote end closed connection without response"),
        (b"HELLO\r\n\r\n", "its answer is no HTTP: 'HELLO'"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", "got more than 100 headers"),
        (OK + b"Content-Length: 100\r\n\r\nabc", BROKEN_OFF),
        (OK + b"Content-Length: 100\r\n\r\n", BROKEN_OFF),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc", BROKEN_OFF),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", BROKEN_OFF),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc", BROKEN_OFF),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "Not Found"),
        (b"HTTP/1.1 302 Found\r\nLocation: ftp://x\r\n\r\n", "."),
        (b"HTTP/1.1 302 Found\r\nLocation: http://a b/\r\n\r\n", "."),
    ],
)
def test_an_answer_that_is_no_file_is_told(
    answer: bytes, reason: str, sha256: str | None, tmp_path: Path
) -> None:
    with (
        answering(answer) as url,
        pytest.raises(FetchError, match=rf"127\.0\.0\.1: {reason}") as told,
    ):
        download("x", url, tmp_path / "file", sha256)
    assert type(told.value) is FetchError
    assert not (tmp_path / "file").exists()


def test_an_answer_of_no_announced_length_is_taken(tmp_path: Path) -> None:
    with answering(OK + b"\r\nabc") as url:
        download("x", url, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"abc"


def test_a_transfer_that_stops_is_given_up(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "STALL_S", 0.3)
    with pytest.raises(FetchError, match=r"nothing arrived|timed out"):
        download("x", f"{site}/stalls", tmp_path / "file")
