"""The measuring client of `lab/client/writer` beside a stack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from lab.client.client import Client, build_writer
from lab.stack import LAYOUT, EtcdStack


@cache
def binary() -> Path:
    """Builds it; Go keeps what has not changed."""
    folder = LAYOUT.home / "bench"
    folder.mkdir(exist_ok=True)
    return build_writer(folder)


@contextmanager
def writing(stack: EtcdStack, within: Sequence[str] = ()) -> Iterator[Client]:
    """Writes 200 times a second as the stack's operator; `within` as for `Client`."""
    client = Client(binary(), stack.folder / "client", stack.outputs(), within)
    try:
        yield client
    finally:
        client.stop()
