"""The archive that carries settings, files and scripts on standard input."""

from __future__ import annotations

import base64
import gzip
import io
import re
import tarfile
from collections.abc import Iterable, Mapping

from components.member.files import SCRIPTS, File, ScriptPath, script
from components.member.settings import render_settings

# Not the first line of a script that another one writes.
_COMMENT = re.compile(rb"^[ \t]*#(?!!).*$", re.MULTILINE)


def pack(
    settings: Mapping[str, str],
    files: Iterable[File] = (),
    scripts: Iterable[str] = (),
    script_path: ScriptPath = (SCRIPTS,),
) -> str:
    """Two texts in base64: on the first line the script that receives a payload, then a gzipped
    tar. The same input gives the same text, so that an unchanged node is an unchanged resource.
    `scripts` are paths on `script_path`; without them those run that a former payload brought."""
    files = tuple(files)
    entries = {
        **{f"scripts/{path}": _code(path, script_path) for path in scripts},
        "settings": render_settings(settings).encode(),
        "modes": "".join(map(_mode_line, files)).encode(),
        **{f"files/{file.path}": file.content for file in files},
    }
    receiver = base64.b64encode(_code("receive.sh", (SCRIPTS,)))
    archive = base64.encodebytes(gzip.compress(_tar(entries), mtime=0))
    return b"\n".join((receiver, archive)).decode()


def _code(path: str, script_path: ScriptPath) -> bytes:
    """A script without its comments, a third of all that a state keeps of it; its lines keep their
    numbers, which a shell names in its errors."""
    return _COMMENT.sub(b"", script(path, script_path))


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
