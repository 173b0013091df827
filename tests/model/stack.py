"""The stack file of a simulated cluster, changed as a person would change it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.model.host import NAMES, NETWORK

# The steps of a rotation of the authority, each a state of its own.
ROTATION = (
    {"signing": 1, "trusted": [1]},
    {"signing": 1, "trusted": [1, 2]},
    {"signing": 2, "trusted": [1, 2]},
    {"signing": 2, "trusted": [2]},
)

# What etcd ends at once with.
REFUSED = {"flags": {"cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "NOPE"]}}


@dataclass
class Stack:
    """`nodes`: by name, whether each has its second address."""

    nodes: dict[str, bool]
    away: set[str] = field(default_factory=set)
    flag: int = 10000
    refused: bool = False
    version: str = "3.6.16"
    rotated: int = 0
    rolled_out: int = 0

    @property
    def unused(self) -> list[str]:
        return [name for name in NAMES if name not in self.nodes]

    @property
    def reachable(self) -> list[str]:
        return [name for name in self.nodes if name not in self.away]

    def drop(self, name: str) -> None:
        del self.nodes[name]
        self.away.discard(name)

    def peers(self) -> set[tuple[str, str]]:
        """Who should vote, and at which address."""
        return {(name, f"https://{self._address(name)}:2380") for name in self.reachable}

    def contents(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Its nodes, and what it says of all."""
        nodes = {name: self._node(name) for name in sorted(self.nodes)}
        settings = {"snapshot_count": self.flag, "pki": ROTATION[self.rotated]}
        settings["version"] = self.version
        return nodes, {**settings, **(REFUSED if self.refused else {})}

    def _node(self, name: str) -> dict[str, Any]:
        away = {"reachable": False} if name in self.away else {}
        return {"address": self._address(name), **away}

    def _address(self, name: str) -> str:
        return f"{NETWORK}.{'3' if self.nodes[name] else ''}{name[-1]}"
