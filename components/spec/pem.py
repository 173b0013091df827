"""PEM as Go reads it: each block begins at the start of a line, and has lines.

What an editor or YAML has made of a whole block (a byte order mark, indentation, one long line) is
put right, since a person sees no difference; what is whole already stays as it is.
"""

from __future__ import annotations

import re
import textwrap
from typing import Annotated

from pydantic import AfterValidator, SecretStr

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----\s*")
# What `openssl ecparam -genkey` puts before a key that names its curve itself.
_PARAMETERS = re.compile(r"-----BEGIN EC PARAMETERS-----.*?-----END EC PARAMETERS-----\s*", re.S)
_COLUMNS = 64


def normal(text: str) -> str:
    """The text as Go can read it."""
    if "-----BEGIN " not in text:
        return text
    plain = text.lstrip("\ufeff")
    if re.search(r"^[ \t]", plain, re.MULTILINE):
        plain = "\n".join(line.strip() for line in plain.splitlines()) + "\n"
    if any("\n" not in found[2] for found in _BLOCK.finditer(plain)):
        plain = _BLOCK.sub(_in_lines, plain)
    return plain


def _in_lines(found: re.Match[str]) -> str:
    kind, body = found[1], "".join(found[2].split())
    lines = [f"-----BEGIN {kind}-----", *textwrap.wrap(body, _COLUMNS), f"-----END {kind}-----"]
    return "\n".join(lines) + "\n"


def _normal_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    plain = normal(text)
    return secret if plain == text else SecretStr(plain)


def _without_parameters(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    return SecretStr(_PARAMETERS.sub("", text)) if _PARAMETERS.search(text) else secret


Pem = Annotated[str, AfterValidator(normal)]
SecretPem = Annotated[SecretStr, AfterValidator(_normal_secret)]
SignerKey = Annotated[SecretPem, AfterValidator(_without_parameters)]
