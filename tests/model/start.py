"""How an etcd starts, by what it is told and what it finds; None when it ends at once."""

from __future__ import annotations

import subprocess
import zlib

from tests.model.machines import Machine
from tests.model.raft import Copy, Log, Peer
from tests.model.trust import believes
from tests.model.versions import reads
from tests.model.world import CATCH_UP_S, World
from tests.support.scripts import SCRIPTS


def start(world: World, machine: Machine) -> None:
    """As every runtime does: not without the data of a member that had some."""
    world.end(machine)
    if not _keeps_identity(machine):
        world.tell(f"{machine.name} does not start without its data")
        return
    configuration = machine.configuration()
    if "NOPE" in configuration.get("ETCD_CIPHER_SUITES", ""):
        world.tell(f"{machine.name}'s etcd refuses its flags")
        return
    copy = _found_on_disk(world, machine) or _with_nothing(world, machine, configuration)
    if copy is not None and not reads(copy, machine.version):
        world.breach(f"{machine.name} starts etcd {machine.version}, which does not read its data")
        return
    if copy is None:
        world.tell(f"{machine.name}'s etcd ends at once")
        return
    world.begin(machine, copy, configuration)


def _keeps_identity(machine: Machine) -> bool:
    config, data = machine.root / "etc", machine.root / "data"
    if not (config / "etcd.env").exists():
        return False
    asked = ["/bin/sh", str(SCRIPTS / "keep-identity.sh"), str(config), str(data)]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _found_on_disk(world: World, machine: Machine) -> Copy | None:
    number = machine.copy_number
    return None if number is None else world.copies[number]


def _with_nothing(world: World, machine: Machine, told: dict[str, str]) -> Copy | None:
    pairs = [pair.partition("=") for pair in told["ETCD_INITIAL_CLUSTER"].split(",")]
    there = {url: name for name, _, url in pairs}
    own_url = told["ETCD_INITIAL_ADVERTISE_PEER_URLS"]
    if told["ETCD_INITIAL_CLUSTER_STATE"] == "new":
        return _as_founder(world, machine, told["ETCD_INITIAL_CLUSTER_TOKEN"], there, own_url)
    return _as_joining(world, machine, there, own_url)


def _as_founder(
    world: World, machine: Machine, token: str, there: dict[str, str], own_url: str
) -> Copy | None:
    def id_of(url: str) -> int:
        return zlib.crc32(f"{url} {token}".encode())

    known = _cluster_at(world, machine, set(there) - {own_url})
    own = known.config().get(id_of(own_url)) if known else None
    if own is not None and own.client_url:
        return None  # "has already been bootstrapped"
    key = f"{token} {sorted(there.items())}"
    if key not in world.logs:
        config = {id_of(url): Peer(name, url) for url, name in there.items()}
        world.logs[key] = Log.founded(config)
    log = world.logs[key]
    return _new_copy(world, machine, log, id_of(own_url), length=1)


def _as_joining(world: World, machine: Machine, there: dict[str, str], own_url: str) -> Copy | None:
    log = _cluster_at(world, machine, set(there) - {own_url})
    if log is None:
        return None  # "cannot fetch cluster info from peer urls"
    config = log.config()
    if sorted(there) != sorted(peer.peer_url for peer in config.values()):
        return None  # "member count is unequal", "unmatched member"
    own_id = next(number for number, peer in config.items() if peer.peer_url == own_url)
    copy = _new_copy(world, machine, log, own_id, length=0)
    copy.catches_up_at_s = world.now_s + CATCH_UP_S
    return copy


def _cluster_at(world: World, machine: Machine, urls: set[str]) -> Log | None:
    """What the peers say that can be reached."""
    bundle = (machine.root / "etc" / "pki" / "ca.pem").read_text()
    for other in world.running():
        process = other.process
        if (
            process
            and process.peer_url in urls
            and process.copy.log.led
            and other.side == machine.side
            and believes(bundle, other.leaf)
            and believes(process.bundle, machine.leaf)
        ):
            return process.copy.log
    return None


def _new_copy(world: World, machine: Machine, log: Log, member_id: int, length: int) -> Copy:
    if member_id in log.used:
        world.breach(f"{machine.name} starts empty under an identity that was used before")
    log.used.add(member_id)
    copy = Copy(len(world.copies) + 1, log, member_id, length)
    world.copies[copy.number] = copy
    machine.identity.parent.mkdir(parents=True)
    machine.identity.write_text(f"{copy.number}")
    return copy
