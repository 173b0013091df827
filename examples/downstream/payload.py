"""Files as one text for a script's standard input. Pure."""

from __future__ import annotations

import base64
import io
import tarfile
from collections.abc import Mapping


def pack(files: Mapping[str, str]) -> str:
    """A tar in base64 of `files` (absolute path to text), in their order and each with mode 0600.
    The same files give the same text, so that nothing runs where nothing has changed.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, text in files.items():
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size = len(text.encode())
            entry.mode = 0o600
            archive.addfile(entry, io.BytesIO(text.encode()))
    return base64.encodebytes(buffer.getvalue()).decode()
