"""PEM blocks, as far as the cryptography library leaves them to us."""

from __future__ import annotations

import json
import re

from toolchain.standins.tls.errors import TlsError

BLOCK = re.compile(r"^-----BEGIN ([^\n]*?)-----\s*\n.*?^-----END \1-----", re.DOTALL | re.MULTILINE)


def first_label(text: str) -> str | None:
    """What the first block of the text says it is; None when there is no block."""
    found = BLOCK.search(text)
    return found.group(1) if found else None


def require_label(text: str, label: str) -> None:
    """Raises TlsError unless the first block is a `label`."""
    found = first_label(text)
    if found is None:
        raise TlsError(f"failed to decode PEM of expected type {json.dumps(label)} from bytes")
    if found != label:
        raise TlsError(f"invalid PEM type - expected {json.dumps(label)}, got {json.dumps(found)}")
