"""Release archives of etcd as its project publishes them, and a server that they come from."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from toolchain.layout import ETCD_PROGRAMS, Layout

REPOSITORY = Path(__file__).resolve().parents[1]
# Owner and modes of a published archive, which must not show on a node.
PUBLISHER_UID = 528287
FAST = 1
POLL_S = 0.01


@dataclass(frozen=True)
class Release:
    """An archive; it lies in a folder that may hold others."""

    path: Path
    sha256: str


def pack(programs: Path, version: str, architecture: str, folder: Path) -> Release:
    """An archive in `folder` of the three programs in `programs`; the same each time."""
    name = f"etcd-v{version}-linux-{architecture}"
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for each in ("README.md", *ETCD_PROGRAMS):
            source = programs / each
            content = source.read_bytes() if source.exists() else b"etcd\n"
            entry = tarfile.TarInfo(f"{name}/{each}")
            entry.size, entry.mode, entry.uid = len(content), 0o755, PUBLISHER_UID
            archive.addfile(entry, io.BytesIO(content))
    packed = gzip.compress(tar.getvalue(), FAST, mtime=0)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.tar.gz"
    path.write_bytes(packed)
    return Release(path, hashlib.sha256(packed).hexdigest())


def real_release(version: str = "3.6.16", architecture: str = "amd64") -> Release:
    """Of the real programs, made once. `python3 -m toolchain etcd` has to have got them."""
    layout = Layout(REPOSITORY)
    own = layout.etcd(version)
    programs = own if architecture == "amd64" else layout.etcd_for(version, architecture)
    folder = layout.home / "releases"
    path = folder / f"etcd-v{version}-linux-{architecture}.tar.gz"
    if path.exists() and path.stat().st_mtime > (programs / "etcd").stat().st_mtime:
        return Release(path, hashlib.sha256(path.read_bytes()).hexdigest())
    return pack(programs, version, architecture, folder)


def fake_programs(folder: Path, version: str) -> Path:
    """Three programs that say they are of that version, and are too long for one packet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ETCD_PROGRAMS:
        text = f"#!/bin/sh\necho 'etcd Version: {version}'\nexit 0\n"
        filler = "".join(hashlib.sha256(f"{name}{n}".encode()).hexdigest() for n in range(500))
        (folder / name).write_text(text + filler)
        (folder / name).chmod(0o755)
    return folder


@dataclass
class ReleaseServer:
    """Serves `folder`. `asked` holds path and Range header of each request.

    `breaks`: so many answers end after half of what was asked for. `ranges`: whether it can start
    in the middle of a file.
    """

    folder: Path
    url: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    breaks: int = 0
    ranges: bool = True

    @property
    def template(self) -> str:
        """As for `install.url`."""
        return f"{self.url}/etcd-v{{version}}-linux-{{architecture}}.tar.gz"


@contextmanager
def serving(folder: Path, address: str = "127.0.0.1") -> Iterator[ReleaseServer]:
    """A server on a free port of `address`."""
    served = ReleaseServer(folder)
    handler = type("Handler", (_Handler,), {"served": served})
    server = ThreadingHTTPServer((address, 0), handler)
    served.url = f"http://{address}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,))
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    served: ReleaseServer

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.served.asked.append((self.path, wanted))
        file = self.served.folder / self.path.lstrip("/")
        if not file.is_file():
            self.send_error(404)
            return
        content = file.read_bytes()
        begin = self._begin(wanted)
        if begin and begin >= len(content):
            self.send_error(416)
            return
        self._send(content, begin)

    def _begin(self, wanted: str | None) -> int:
        if wanted is None or not self.served.ranges:
            return 0
        return int(wanted.removeprefix("bytes=").split("-")[0])

    def _send(self, content: bytes, begin: int) -> None:
        body = content[begin:]
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(body)))
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.served.breaks:
            self.served.breaks -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: a test reads `asked`."""
