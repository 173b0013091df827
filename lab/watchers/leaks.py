"""Finds private keys: which ones there are, and where one of them shows.

A key is looked for as the lines of its PEM, as the lines of a node's payload that carries it, and
as its bare number; in text as it is, and in whatever base64, gzip or tar layers lie around it.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ahocorasick
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_ssh_private_key,
)

PEM = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----\n(.+?)\n-----END \1-----", re.DOTALL)
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{16,}(?:\r?\n|\\r|\\n)?)+[A-Za-z0-9+/]*={0,2}")
_PAYLOAD = re.compile(r"[A-Za-z0-9+/=\n]+")
_BREAK = re.compile(rb"[\r\n]|\\[rn]")
_GZIP = b"\x1f\x8b\x08"
_LAYERS = 4
# So many characters of base64 are nobody else's by chance.
_ENOUGH = 16
Seen = dict[bytes, int]
"""Contents, and how many layers below each were looked into."""


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a JSON document; also in documents that are texts themselves."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)
    elif isinstance(value, str):
        yield value
        if value[:1] in ('"', "{", "["):
            with suppress(ValueError):
                yield from texts_of(json.loads(value))


@dataclass(frozen=True)
class Keys:
    """What must not show: `needles` are pieces of private keys, each with what it is a piece of."""

    needles: dict[bytes, str]
    pems: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Keys:
        """All private keys in the texts, and all payloads among the texts that carry one."""
        needles: dict[bytes, str] = {}
        pems: set[str] = set()
        for text in texts:
            found = [pem for layer in layers(text.encode(), {}) for pem in _pems(layer)]
            for pem in found:
                pems.add(pem[0])
                needles |= _pieces(pem)
            if found and _PAYLOAD.fullmatch(text):
                # The first line is the script that receives the others, the same for every node.
                _, *sent = text.encode().split()
                lines = (line for line in sent if len(line) >= _ENOUGH)
                needles |= dict.fromkeys(lines, "payload")
        return cls(needles, frozenset(pems))

    def __or__(self, other: Keys) -> Keys:
        return Keys(self.needles | other.needles, self.pems | other.pems)

    def shown_in(self, content: bytes, seen: Seen | None = None) -> list[str]:
        """What of the keys is in there; nothing is the good answer. `seen` keeps what was looked
        into and is skipped from then on: logs repeat themselves."""
        known = {} if seen is None else seen
        return sorted(
            {
                f"{self.needles[needle]}: {needle[:12]!r}…"
                for layer in layers(content, known)
                for needle in self._pieces_in(layer)
            }
        )

    def _pieces_in(self, layer: bytes) -> Iterator[bytes]:
        """The package takes text: bytes are that in Latin-1."""
        if self.needles:
            yield from (piece for _, piece in self._search.iter(layer.decode("latin-1")))

    @cached_property
    def _search(self) -> ahocorasick.Automaton:
        """All pieces in one pass over a content."""
        search = ahocorasick.Automaton()
        for needle in self.needles:
            search.add_word(needle.decode("latin-1"), needle)
        search.make_automaton()
        return search


def _pems(layer: bytes) -> Iterator[re.Match[str]]:
    return PEM.finditer(layer.decode(errors="replace").replace("\\n", "\n"))


def _pieces(pem: re.Match[str]) -> dict[bytes, str]:
    """An elliptic curve key is one number: that, and the lines that show enough of it. Other lines
    of its PEM are the same in all keys, or the public key."""
    lines = pem[2].splitlines()
    number = _number(pem[0])
    content = base64.b64decode(pem[2])
    at = content.find(number)
    # Leading zeros, which one key in 256 has, show a part of it as well.
    begin = len(content[: max(at, 0)].rstrip(b"\0"))
    first, last = begin * 4 // 3, (at + len(number)) * 4 // 3
    pieces = {number: f"the number of {pem[1]}"} if number else {}
    offset = 0
    for line in lines:
        shown = min(last, offset + len(line)) - max(first, offset)
        if shown >= _ENOUGH or (not number and len(line) >= _ENOUGH):
            pieces[line.encode()] = pem[1]
        offset += len(line)
    return pieces


def _number(pem: str) -> bytes:
    """Without leading zeros; nothing for another kind of key."""
    load = load_ssh_private_key if "OPENSSH" in pem else load_pem_private_key
    key = load(f"{pem}\n".encode(), password=None)
    if isinstance(key, Ed25519PrivateKey):
        return key.private_bytes_raw()
    if not isinstance(key, EllipticCurvePrivateKey):
        return b""
    return key.private_numbers().private_value.to_bytes(66).lstrip(b"\0")


def layers(content: bytes, seen: Seen, depth: int = _LAYERS) -> Iterator[bytes]:
    """The content itself, and what is inside of its base64 and gzip pieces, but for what was `seen`
    and looked into as deeply."""
    if seen.get(content, -1) >= depth:
        return
    seen[content] = depth
    yield content
    if depth == 0:
        return
    for inner in (*_unzipped(content), *_decoded(content)):
        yield from layers(inner, seen, depth - 1)


def _unzipped(content: bytes) -> Iterator[bytes]:
    start = content.find(_GZIP)
    while start >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj(wbits=31).decompress(content[start:])
        start = content.find(_GZIP, start + 1)


def _decoded(content: bytes) -> Iterator[bytes]:
    for run in _BASE64.finditer(content):
        text = _BREAK.sub(b"", run[0]).rstrip(b"=")
        whole = len(text) - (len(text) % 4 == 1)  # one character alone is no byte
        yield base64.b64decode(text[:whole] + b"=" * (-whole % 4))
