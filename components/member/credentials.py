"""The certificates and keys of one node, as PEM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.member.files import File, text_file
from components.pki.roles import CA_FILE, CERTIFICATE_MODE, KEY_MODE, NODE_ROLES


@dataclass(frozen=True)
class Pair:
    """A certificate (with its intermediates) and its private key."""

    certificate: str
    key: str


@dataclass(frozen=True)
class Credentials:
    """What a node holds: the trust bundle, and a pair of its own for each node role; the operator's
    too where people on the node use it. `valid_from`: when the last of them becomes valid, Unix
    time in seconds."""

    bundle: str
    pairs: Mapping[str, Pair]
    valid_from: int = 0


def credential_files(credentials: Credentials) -> tuple[File, ...]:
    """The folder `pki`. Leaves are hot (etcd reads them at every handshake), the bundle is cold
    (read once, at the start)."""
    files = [text_file(f"pki/{CA_FILE}", credentials.bundle, mode=CERTIFICATE_MODE, cold=True)]
    for role in NODE_ROLES:
        pair = credentials.pairs[role.name]
        files.append(
            text_file(f"pki/{role.certificate_file}", pair.certificate, mode=CERTIFICATE_MODE)
        )
        files.append(text_file(f"pki/{role.key_file}", pair.key, mode=KEY_MODE))
    return tuple(files)
