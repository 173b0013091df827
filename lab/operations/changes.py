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
REFUSED_SUITE = "NO_SUCH_SUITE"
VALIDITY_DAYS = 365
LEAVES = ("server", "peer", "maintenance", "client")


def flag(spec: Spec) -> Change:
    """Another value of a flag: every member restarts once."""
    flags = spec.get("flags", {})
    return {"flags": {**flags, FLAG: flags.get(FLAG, FLAG_DEFAULT) + 1}}


def refused_flag(spec: Spec) -> Change:
    """A value that the stack file allows and etcd refuses when it starts."""
    return {"flags": {**spec.get("flags", {}), "cipher-suites": [REFUSED_SUITE]}}


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


def forget(spec: Spec) -> Change:
    """Without the nodes whose machines are off or lost."""
    return leave(spec, [name for name, node in spec["nodes"].items() if _is_lost(node)])


def reachable(spec: Spec) -> list[str]:
    """The nodes whose machines are there."""
    return [name for name, node in spec["nodes"].items() if not _is_lost(node)]


def _is_lost(node: Mapping[str, Any]) -> bool:
    return not node.get("reachable", True)
