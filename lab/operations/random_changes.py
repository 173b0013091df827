"""What a stack file may ask of a living cluster: one entry an operation."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from lab.hosts.cut_off import FLAG
from lab.hosts.host import Host
from lab.hosts.living import LivingCluster
from lab.hosts.stack import host_spec

FEWEST = 3  # of so many members one may be down
NOTICED_S = 12  # from a power cut until etcd counts the member as gone, with room
OLDER, NEWER = "3.6.14", "3.7.1"
LEAVES = ("server", "peer", "maintenance", "client")

# Of the stack file's settings, those that an operation changes.
Change = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """`change` also does to the machines what happens to them beforehand. `foundings`: how long its
    `up` usually takes, in times that of the cluster's first one took."""

    name: str
    change: Callable[[LivingCluster, Random], Change]
    fits: Callable[[LivingCluster], bool] = lambda _: True
    foundings: float = 1.0


def _flag(cluster: LivingCluster, _: Random) -> Change:
    return {"flags": {FLAG: cluster.stack.spec["flags"][FLAG] + 1}}


def _renewal(cluster: LivingCluster, _: Random) -> Change:
    """Every leaf of a lifetime a day shorter: they are reissued as in their renewal window."""
    pki = cluster.stack.spec["pki"]
    days = int(pki["lifetimes"]["server"]["validity"].removesuffix("d")) - 1
    return {"pki": {**pki, "lifetimes": lifetimes(days)}}


def lifetimes(days: int) -> dict[str, Any]:
    """Of all leaves the same."""
    return {role: {"validity": f"{days}d"} for role in LEAVES}


def _rotation(cluster: LivingCluster, _: Random) -> Change:
    """The next of its three steps: trust both, sign with the new one, drop the old one."""
    pki = cluster.stack.spec["pki"]
    signing, newest = pki["signing"], pki["trusted"][-1]
    if pki["trusted"] == [signing]:
        step = {"trusted": [signing, signing + 1]}
    elif signing < newest:
        step = {"signing": newest}
    else:
        step = {"trusted": [signing]}
    return {"pki": {**pki, **step}}


def _next_signs(cluster: LivingCluster) -> bool:
    """Both are trusted, the old one still signs."""
    pki = cluster.stack.spec["pki"]
    return bool(pki["signing"] < pki["trusted"][-1])


def _trusts_one(cluster: LivingCluster) -> bool:
    return len(cluster.stack.spec["pki"]["trusted"]) == 1


def _growth(count: int) -> Callable[[LivingCluster, Random], Change]:
    return lambda cluster, chance: {
        "nodes": cluster.nodes(come=chance.sample(cluster.spares, count))
    }


def _one_leaves(cluster: LivingCluster, chance: Random) -> Change:
    return {"nodes": cluster.nodes(go=[chance.choice(cluster.hosts)])}


def _two_leave(cluster: LivingCluster, chance: Random) -> Change:
    """The leader is one of them."""
    leader = cluster.leader()
    other = chance.choice([host for host in cluster.hosts if host is not leader])
    return {"nodes": cluster.nodes(go=[leader, other])}


def _replacement(cluster: LivingCluster, chance: Random) -> Change:
    """A machine dies for good, and a spare comes in the same change."""
    lost = chance.choice(cluster.hosts)
    lost.power_off()
    _wait_without(cluster, lost)
    time.sleep(NOTICED_S)
    nodes = cluster.nodes(come=[chance.choice(cluster.spares)])
    nodes[lost.name] = {**nodes[lost.name], "reachable": False}
    return {"nodes": nodes}


def _farewell(cluster: LivingCluster, _: Random) -> Change:
    """What died goes out of the stack file, and its machine is set up anew as a spare."""
    _set_up_anew(cluster.away[0])
    return {"nodes": cluster.nodes(go=cluster.away)}


def _comeback(cluster: LivingCluster, _: Random) -> Change:
    """What died comes back under its old name and address, without its disk."""
    _set_up_anew(cluster.away[0])
    return {"nodes": cluster.nodes(come=cluster.away)}


def _lost_disk(cluster: LivingCluster, chance: Random) -> Change:
    """A member's machine is set up anew under its old name and address."""
    lost = chance.choice(cluster.hosts)
    _set_up_anew(lost)
    _wait_without(cluster, lost)
    return {"nodes": cluster.nodes(come=[lost])}


def _defragmentation(cluster: LivingCluster, _: Random) -> Change:
    """Under a label that was not there before."""
    former = cluster.stack.spec.get("maintenance", {"defragment": "0"})["defragment"]
    return {"maintenance": {"defragment": str(int(former) + 1)}}


def _version(version: str) -> Callable[[LivingCluster, Random], Change]:
    return lambda cluster, _: {
        "version": version,
        "install": host_spec(cluster.hosts, version=version)["install"],
    }


def _runs(version: str) -> Callable[[LivingCluster], bool]:
    return lambda cluster: bool(cluster.stack.spec["version"] == version)


def _set_up_anew(host: Host) -> None:
    host.wipe()
    host.power_on()
    host.wait_ready()


def _wait_without(cluster: LivingCluster, lost: Host) -> None:
    cluster.wait_healthy(*(host for host in cluster.hosts if host is not lost))


OPERATIONS = (
    Operation("a flag changes", _flag),
    Operation("all certificates are reissued", _renewal),
    Operation("a second authority is trusted", _rotation, _trusts_one),
    Operation("the second authority signs", _rotation, _next_signs),
    Operation(
        "the first authority is dropped",
        _rotation,
        lambda cluster: not (_trusts_one(cluster) or _next_signs(cluster)),
    ),
    Operation("one joins", _growth(1), lambda cluster: len(cluster.spares) >= 1),
    Operation("two join", _growth(2), lambda cluster: len(cluster.spares) >= 2, foundings=2),
    Operation("one leaves", _one_leaves, lambda cluster: len(cluster.hosts) >= FEWEST + 1),
    Operation("two leave", _two_leave, lambda cluster: len(cluster.hosts) >= FEWEST + 2),
    Operation(
        "a dead machine is replaced",
        _replacement,
        lambda cluster: bool(cluster.spares) and not cluster.away,
    ),
    Operation("a dead machine is forgotten", _farewell, lambda cluster: bool(cluster.away)),
    Operation("a dead machine comes back", _comeback, lambda cluster: bool(cluster.away)),
    Operation("a member's disk is lost", _lost_disk),
    Operation("every member is defragmented", _defragmentation),
    Operation("an upgrade by a minor", _version(NEWER), _runs(OLDER), foundings=2),
    Operation("a downgrade by a minor", _version(OLDER), _runs(NEWER), foundings=2),
)
