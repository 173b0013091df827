"""The operations, in the order in which one cluster goes through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIRST_VERSION = "3.5.33"
NEXT_VERSION = "3.6.14"


def members(*numbers: int) -> dict[str, Any]:
    """The stack file's nodes."""
    return {f"etcd{number}": {} for number in numbers}


@dataclass(frozen=True)
class Operation:
    """`changes` of the stack file are made one after the other, each with an `up`. `restarts`:
    whether the members get new pods by it."""

    title: str
    changes: Sequence[Mapping[str, Any]]
    restarts: bool


OPERATIONS = {
    "upgrade": Operation("3.5.33 to 3.6.14", [{"version": NEXT_VERSION}], restarts=True),
    "flag": Operation("a flag is changed", [{"flags": {"max-txn-ops": 256}}], restarts=True),
    "certificates": Operation(
        "server certificates are reissued", [{"names": ["etcd.example.org"]}], restarts=False
    ),
    "rotation": Operation(
        "the authority is rotated, three changes",
        [
            {"pki": {"signing": 1, "trusted": [1, 2]}},
            {"pki": {"signing": 2, "trusted": [1, 2]}},
            {"pki": {"signing": 2, "trusted": [2]}},
        ],
        restarts=True,
    ),
    "grow": Operation("three to five", [{"nodes": members(0, 1, 2, 3, 4)}], restarts=False),
    "shrink": Operation(
        "five to three, the first two go", [{"nodes": members(2, 3, 4)}], restarts=False
    ),
}
