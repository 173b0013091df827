"""What a person writes into the stack file of a living cluster, as pure functions.

Each takes the cluster object of the stack file as it is, and returns the settings that change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

Spec = Mapping[str, Any]
Change = Mapping[str, Any]

FLAG = "max-txn-ops"  # etcd reads it when it starts
FLAG_DEFAULT = 128
VALIDITY_DAYS = 365
LEAVES = ("server", "peer", "maintenance", "client")


def flag(spec: Spec) -> Change:
    """Another value of a flag: every member restarts once."""
    flags = spec.get("flags", {})
    return {"flags": {**flags, FLAG: flags.get(FLAG, FLAG_DEFAULT) + 1}}


def reissue(spec: Spec) -> Change:
    """Every leaf of a validity a day shorter: they are reissued as in their renewal window."""
    pki = spec.get("pki", {})
    former = pki.get("lifetimes", lifetimes(VALIDITY_DAYS))["server"]["validity"]
    return {"pki": {**pki, "lifetimes": lifetimes(int(former.removesuffix("d")) - 1)}}


def lifetimes(days: int) -> dict[str, Any]:
    """The same validity for every kind of leaf."""
    return {role: {"validity": f"{days}d"} for role in LEAVES}


def rotation_step(spec: Spec) -> Change:
    """The next of the three: trust both, sign with the new one, drop the old one."""
    pki = spec.get("pki", {})
    signing, trusted = pki.get("signing", 1), pki.get("trusted", [1])
    if trusted == [signing]:
        step = {"signing": signing, "trusted": [signing, signing + 1]}
    elif signing < trusted[-1]:
        step = {"signing": trusted[-1]}
    else:
        step = {"trusted": [signing]}
    return {"pki": {**pki, **step}}


def defragment(spec: Spec) -> Change:
    """Under a label that was not there before."""
    former = spec.get("maintenance", {}).get("defragment", "0")
    return {"maintenance": {"defragment": str(int(former) + 1)}}


def join(spec: Spec, nodes: Mapping[str, Any]) -> Change:
    """These nodes more; one that is there already is written anew."""
    return {"nodes": {**spec["nodes"], **nodes}}


def leave(spec: Spec, names: Collection[str]) -> Change:
    """These nodes less."""
    return {"nodes": {name: node for name, node in spec["nodes"].items() if name not in names}}


def lose(spec: Spec, name: str) -> Change:
    """A node whose machine is off or lost."""
    return {"nodes": {**spec["nodes"], name: {**spec["nodes"][name], "reachable": False}}}
