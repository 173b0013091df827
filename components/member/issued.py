"""What a member proves itself with, on a machine or in a pod, once it is issued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pulumi import Output

from components.member.credentials import Credentials, Pair
from components.member.member import Member
from components.pki.authority import Authority
from components.pki.leaf import Leaf
from components.spec import OPERATOR


def credentials_of(member: Member, authority: Authority) -> Output[Credentials]:
    """The trust bundle and a pair for each role."""
    pairs = {
        role: Output.all(leaf.certificate_pem, leaf.key_pem, leaf.not_before)
        for role, leaf in _leaves(member, authority).items()
    }
    return Output.all(bundle=authority.bundle, pairs=pairs).apply(_credentials)


def _leaves(member: Member, authority: Authority) -> dict[str, Leaf]:
    """The operator's only where people use it on the member's machine."""
    leaves = dict(authority.nodes[member.name])
    if member.node.shell_profile is not None:
        leaves[OPERATOR] = authority.consumers[OPERATOR]
    return leaves


def _credentials(known: Mapping[str, Any]) -> Credentials:
    pairs = known["pairs"]
    return Credentials(
        bundle=known["bundle"],
        pairs={role: Pair(certificate, key) for role, (certificate, key, _) in pairs.items()},
        valid_from=max(_unix_time(not_before) for _, _, not_before in pairs.values()),
    )


def _unix_time(rfc3339: str) -> int:
    return int(datetime.fromisoformat(rfc3339).timestamp())
