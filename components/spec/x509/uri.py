"""URIs in certificates, as Go's net/url reads them."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPED = re.compile(r"([^%]|%[0-9A-Fa-f]{2})*", re.S)
_USER = re.compile(r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*")
# In a host only bytes beyond ASCII and the percent sign itself are escaped; names have no others.
_HOST = re.compile(r"([A-Za-z0-9._~!$&'()*+,:;=<>\"\]-]|%25|%[89A-Fa-f][0-9A-Fa-f])*")
_ZONE = re.compile(r"([A-Za-z0-9._~!$&'()*+,:;=<>\"-]|%[0-9A-Fa-f]{2})*")
_PORT = re.compile(r"(:[0-9]*)?")
# Of others a host may have colons, as lists of hosts have.
_STRICT_SCHEMES = ("http:", "https:")


def is_uri(text: str) -> bool:
    """Whether it can be read; its host may still be no domain."""
    whole, _, fragment = text.partition("#")
    if any(ord(each) < 32 or ord(each) == 127 for each in whole):  # noqa: PLR2004 (control)
        return False
    scheme, rest = _parted(whole)
    if not _ESCAPED.fullmatch(fragment) or whole.startswith(":"):
        return False
    if not rest.startswith("/"):
        # What follows a scheme so is nobody's concern.
        return bool(scheme) or (":" not in rest.partition("/")[0] and _is_escaped(rest))
    authority, path = _authority(scheme, rest)
    user, _, name = authority.rpartition("@")
    return (
        bool(_USER.fullmatch(user))
        and _is_escaped(user)
        and _is_escaped(path)
        and _is_host(scheme.lower(), name)
    )


def host(text: str) -> str:
    """With its port; nothing if it has none."""
    scheme, rest = _parted(text.partition("#")[0])
    return unquote(_authority(scheme, rest)[0].rpartition("@")[2], "latin-1")


def _parted(whole: str) -> tuple[str, str]:
    """Scheme and the rest up to the query."""
    found = _SCHEME.match(whole)
    scheme = found[0] if found else ""
    return scheme, whole[len(scheme) :].partition("?")[0]


def _authority(scheme: str, rest: str) -> tuple[str, str]:
    """What stands behind two slashes, and the path. Three are a path where there is no scheme."""
    if not rest.startswith("//") or (not scheme and rest.startswith("///")):
        return "", rest
    authority, slash, path = rest[2:].partition("/")
    return authority, slash + path


def _is_escaped(text: str) -> bool:
    return bool(_ESCAPED.fullmatch(text))


def _is_host(scheme: str, text: str) -> bool:
    """With an optional port."""
    if "[" in text:
        return text.startswith("[") and _is_bracketed(text[1:])
    first, last = text.find(":"), text.rfind(":")
    port = "" if first < 0 else text[first if scheme in _STRICT_SCHEMES else last :]
    return bool(_HOST.fullmatch(text) and _PORT.fullmatch(port))


def _is_bracketed(text: str) -> bool:
    literal, bracket, port = text.rpartition("]")
    address, percent, zone = literal.partition("%25")
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return bool(bracket and _PORT.fullmatch(port) and _ZONE.fullmatch(zone)) and (
        bool(zone) or not percent
    )
