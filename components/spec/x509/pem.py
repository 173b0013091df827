"""PEM as Go reads it: each block begins at the start of a line, and has lines.

What an editor, YAML or openssl has put around a block or into it (a byte order mark, indentation,
one long line, `\\n` for the ends of lines, text before it, other blocks) is not handed on. A text
without a block stays as it is, for whoever says what is wrong with it.
"""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, SecretStr

CERTIFICATE = "CERTIFICATE"
_BEGIN = re.compile(r"-----BEGIN ([^\n-]*)-----")
_BLOCK = re.compile(
    r"-----BEGIN (?P<label>[A-Z0-9 ]+)-----(?P<body>((?!-----).)*)-----END (?P=label)-----", re.S
)
# Marks of byte order and of width zero, which nobody sees.
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"))
# Object identifier, in DER, of a field that explicit parameters begin with.
_PRIME_FIELD = bytes.fromhex("06072a8648ce3d0101")
# The ends of lines as JSON and environment files write them.
_WRITTEN_OUT = re.compile(r"(\\r)?\\n")
_COLUMNS = 64
_MOST_COLUMNS = 76


class Block(NamedTuple):
    """What stands between the marks; `words` are the body without white space."""

    label: str
    words: tuple[str, ...]


def blocks(text: str) -> Iterator[Block]:
    """Every whole block of the text, in order."""
    for found in _BLOCK.finditer(_readable(text)):
        yield Block(found["label"], tuple(found["body"].split()))


def labels(text: str) -> list[str]:
    """What the blocks of a text are called, also of those that have no end."""
    return _BEGIN.findall(_readable(text))


def _readable(text: str) -> str:
    return _WRITTEN_OUT.sub("\n", text.translate(_INVISIBLE))


def certificates(text: str) -> list[bytes]:
    """The certificates of a text in DER; blocks that are not Base64 are left out."""
    found = (decoded(block) for block in blocks(text) if block.label == CERTIFICATE)
    return [der for der in found if der]


def decoded(block: Block) -> bytes:
    """What the block holds, without its headers; nothing if that is not Base64."""
    try:
        return base64.b64decode("".join(_parted(block.words)[1]), validate=True)
    except ValueError:
        return b""


def normal_certificates(text: str) -> str:
    """The certificates and nothing else, if every block is a whole one."""
    found = certificates(text)
    if not found or labels(text) != [CERTIFICATE] * len(found):
        return text
    return "".join(_written(CERTIFICATE, (_base64(der),)) for der in found)


def normal_key(text: str) -> str:
    """The first private key and nothing else."""
    keys = (block for block in blocks(text) if block.label.endswith("PRIVATE KEY"))
    return next((_written(*block) for block in keys), text)


def has_explicit_curve(text: str) -> bool:
    """Whether a key of the text has its curve's parameters written out, which Go does not read."""
    return any(_PRIME_FIELD in decoded(block) for block in blocks(text))


def _base64(der: bytes) -> str:
    return base64.b64encode(der).decode()


def _written(label: str, words: tuple[str, ...]) -> str:
    """The lines are the words: where the ends of lines have become spaces, they are back again."""
    headers, body = _parted(words)
    if any(len(word) > _MOST_COLUMNS for word in body):
        body = textwrap.wrap("".join(body), _COLUMNS)
    lines = [f"-----BEGIN {label}-----", *headers, *body, f"-----END {label}-----"]
    return "\n".join(lines) + "\n"


def _parted(words: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Lines of the headers (of an encrypted key, `Name: value`) and the empty one after them; and
    the words of the body."""
    count = 0
    while words[count : count + 1] and words[count].endswith(":"):
        count += 2
    names, values = words[:count:2], words[1:count:2]
    headers = [f"{name} {value}" for name, value in zip(names, values, strict=False)]
    return [*headers, *[""][: len(headers)]], list(words[count:])


def _normal_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    plain = normal_key(text)
    return secret if plain == text else SecretStr(plain)


Certificates = Annotated[str, AfterValidator(normal_certificates)]
SecretKey = Annotated[SecretStr, AfterValidator(_normal_secret)]
