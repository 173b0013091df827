"""The archive that carries scripts, settings and files on standard input."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
from collections.abc import Iterable, Mapping

from components.member.files import SCRIPTS, File, ScriptPath, script
from components.member.settings import render_settings


def pack(
    settings: Mapping[str, str],
    scripts: Iterable[str],
    files: Iterable[File] = (),
    script_path: ScriptPath = (SCRIPTS,),
) -> str:
    """Two texts in base64: on the first line the script that receives a payload, then a gzipped
    tar. The same input gives the same text, so that an unchanged node is an unchanged resource."""
    files = tuple(files)
    entries = {
        **{f"scripts/{path}": script(path, script_path) for path in scripts},
        "settings": render_settings(settings).encode(),
        "modes": "".join(map(_mode_line, files)).encode(),
        **{f"files/{file.path}": file.content for file in files},
    }
    receiver = base64.b64encode(script("receive.sh", (SCRIPTS,)))
    archive = base64.encodebytes(gzip.compress(_tar(entries), mtime=0))
    return b"\n".join((receiver, archive)).decode()


def _mode_line(file: File) -> str:
    return f"{file.mode:04o} {file.group or '-'} {file.path}\n"


def _tar(entries: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, content in sorted(entries.items()):
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            entry.mode = 0o600
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
