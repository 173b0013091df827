"""Which changes kube-apiserver notices by itself, and which need it to start anew. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

# Read again at each connection to etcd. Every other file is read once, at the start.
READ_AGAIN = frozenset({"--etcd-certfile", "--etcd-keyfile"})


def restart_digest(flags: Sequence[str], files: Mapping[str, str]) -> str:
    """A text that changes with the content of a file that is read once.

    `flags` are `--name=value`, `files` path to text. A changed flag shows by itself.
    """
    read_again = {path for name, _, path in map(_parts, flags) if name in READ_AGAIN}
    read_once = sorted((path, text) for path, text in files.items() if path not in read_again)
    return hashlib.sha256(repr(read_once).encode()).hexdigest()[:32]


def _parts(flag: str) -> tuple[str, str, str]:
    return flag.partition("=")
