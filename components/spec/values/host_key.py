"""A machine's public host key, as ssh-keyscan and `/etc/ssh/ssh_host_*_key.pub` have it."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

from components.spec.report.refuse import refuse

COMMAND = ".toolchain/bin/etcd-cluster host-keys --stack NAME"
EXAMPLE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP0itqYNNn5JpU8ye0TGYqwQ4X/quQj56F386yC2DZha"
REMEDY = f"`{COMMAND}` fetches and prints the keys of this stack's hosts, for review"

# Type: lengths in bytes of the fields that follow it in the blob (RFC 8709; RFC 5656, 3.1).
_ECDSA = "ecdsa-sha2-nistp"
_FIELDS = {
    "ssh-ed25519": (32,),
    f"{_ECDSA}256": (8, 65),
    f"{_ECDSA}384": (8, 97),
    f"{_ECDSA}521": (8, 133),
}


def check_host_key(value: str) -> str:
    """One public key as `type base64`, its comment dropped."""
    if "PRIVATE KEY" in value:
        raise refuse("is a private key, which no other machine may have", remedy=REMEDY)
    if len(value.strip().splitlines()) > 1:
        raise refuse("is more than one line: one host key is pinned", remedy=REMEDY)
    first, second, *rest = (*value.split(), "", "")
    if second in _FIELDS:
        raise refuse(
            "has a host's name in front, as known_hosts has",
            remedy=f"the key alone: `{second} {rest[0]}`",
        )
    if first == "ssh-rsa":
        raise refuse(
            "is an RSA key: the SSH client then takes no signature but ssh-rsa, which sshd has "
            "refused since OpenSSH 8.8",
            remedy=f"the host's ed25519 key: {REMEDY}",
        )
    if first not in _FIELDS:
        raise refuse(f"is no public key of a kind known here: {', '.join(_FIELDS)}", remedy=REMEDY)
    if _lengths(second, first) != _FIELDS[first]:
        raise refuse(f"is no whole {first} key: part of it is missing or changed", remedy=REMEDY)
    return f"{first} {second}"


def _lengths(encoded: str, kind: str) -> tuple[int, ...]:
    """Lengths of the blob's fields after the first, which must name the kind; () if it is none."""
    try:
        found = list(_split(base64.b64decode(encoded, validate=True)))
    except (binascii.Error, ValueError, struct.error):
        return ()
    return tuple(map(len, found[1:])) if found[:1] == [kind.encode()] else ()


def _split(blob: bytes) -> Iterator[bytes]:
    """The fields of a blob, each with its length in front; struct.error for half a field."""
    at = 0
    while at < len(blob):
        (length,) = struct.unpack_from(">I", blob, at)
        (field,) = struct.unpack_from(f"{length}s", blob, at + 4)
        yield field
        at += 4 + length


HostKey = Annotated[str, AfterValidator(check_host_key)]
