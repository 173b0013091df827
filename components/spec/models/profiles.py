"""Named sets of defaults: tuning for kinds of machines and networks, values for certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal


@dataclass(frozen=True)
class Tuning:
    """Raft timing; the same on all members."""

    heartbeat_ms: int
    election_ms: int


# etcd's tuning guide: a heartbeat of about one round trip, an election of ten heartbeats or more.
TUNING_PROFILES: Mapping[str, Tuning] = MappingProxyType(
    {
        "default": Tuning(heartbeat_ms=100, election_ms=1000),
        # SD cards stall for seconds; K3s runs its own etcd with the same pair for that reason.
        "pi": Tuning(heartbeat_ms=500, election_ms=5000),
        # Round trips up to 300 ms: between continents.
        "wan": Tuning(heartbeat_ms=300, election_ms=3000),
    }
)


Algorithm = Literal["ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072", "rsa-4096"]


@dataclass(frozen=True)
class PkiProfile:
    """Defaults of `pki`; lifetimes are (validity, renew_before) per role."""

    algorithm: Algorithm
    lifetimes: Mapping[str, tuple[str, str]]
    subject: Mapping[str, Any] = field(default_factory=dict)


_LEAVES = ("server", "peer", "maintenance", "client")

PKI_PROFILES: Mapping[str, PkiProfile] = MappingProxyType(
    {
        "modern": PkiProfile(
            algorithm="ecdsa-p256",
            lifetimes={"ca": ("3650d", "365d"), **dict.fromkeys(_LEAVES, ("365d", "30d"))},
        ),
        "classic": PkiProfile(
            algorithm="rsa-4096",
            lifetimes={"ca": ("3650d", "365d"), **dict.fromkeys(_LEAVES, ("3650d", "30d"))},
            subject={
                "country": "CN",
                "province": "Shanghai",
                "locality": "Shanghai",
                "organization": "k8s",
            },
        ),
    }
)
