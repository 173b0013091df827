"""What a member's pod proves itself with, once it is issued."""

from __future__ import annotations

from pulumi import Output

from components.node.credentials import Credentials, Pair
from components.node.member import Member
from components.pki.authority import Authority


def credentials_of(member: Member, authority: Authority) -> Output[Credentials]:
    """The trust bundle and the pairs of the member's roles."""
    leaves = authority.nodes[member.name]
    pairs = {role: Output.all(leaf.certificate_pem, leaf.key_pem) for role, leaf in leaves.items()}
    return Output.all(bundle=authority.bundle, pairs=pairs).apply(
        lambda known: Credentials(
            bundle=known["bundle"],
            pairs={role: Pair(*pair) for role, pair in known["pairs"].items()},
        )
    )
