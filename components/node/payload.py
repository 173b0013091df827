"""The archive that carries scripts, settings and files to a node on standard input."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
from collections.abc import Iterable, Mapping

from components.node.files import File, all_scripts
from components.node.settings import render_settings


def pack(settings: Mapping[str, str], files: Iterable[File] = ()) -> str:
    """A gzipped tar in base64. The same input gives the same text, so that an unchanged node is an
    unchanged resource."""
    files = tuple(files)
    entries = {
        **all_scripts(),
        "settings": render_settings(settings).encode(),
        "modes": "".join(f"{file.mode:04o} {file.path}\n" for file in files).encode(),
        **{f"files/{file.path}": file.content for file in files},
    }
    return base64.encodebytes(gzip.compress(_tar(entries), mtime=0)).decode()


def _tar(entries: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, content in sorted(entries.items()):
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            entry.mode = 0o600
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
