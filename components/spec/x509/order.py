"""Which certificate of a chain signed which, and their order from the signer up to the root."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from components.spec.x509 import public_key, signature
from components.spec.x509.certificate import Facts


def is_issued(child: Facts, parent: Facts) -> bool:
    """Whether the parent signed the child, as far as Go can tell."""
    if child.issuer != parent.subject:
        return False
    if not signature.is_known(child) or public_key.fault(parent, root=True):
        # It gets words of its own.
        return True
    return signature.is_of(child, parent)


def in_order(path: Sequence[Facts]) -> list[int]:
    """Positions of the signer, which comes first, its parent and so on: each certificate once.

    TLS clients put a chain in order by themselves, but whoever reads the root has to find it last.
    All positions as they are where a certificate is left that signed none of the others.
    """
    first: dict[tuple[bytes, bytes], int] = {}
    for position, facts in enumerate(path):
        first.setdefault((facts.signed, facts.signature), position)
    left = list(first.values())
    if all(is_issued(path[child], path[parent]) for child, parent in pairwise(left)):
        return left
    order = [left.pop(0)]
    while left:
        child = path[order[-1]]
        parent = next((at for at in left if is_issued(child, path[at])), None)
        if parent is None:
            return [*range(len(path))]
        left.remove(parent)
        order.append(parent)
    return order
