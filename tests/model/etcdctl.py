"""etcdctl's commands, as far as scripts use them, answered as etcd does."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.model import hand, versions
from tests.model.machines import Machine, address_of, minor_of
from tests.model.raft import Config, Peer, majority, promoted, voters
from tests.model.trust import believes
from tests.model.world import World

# Once a second, as long as a question may take.
TRIES = 3
EXPIRED = "context deadline exceeded"


class RefusedError(Exception):
    """etcd's own words."""


class NotYetError(RefusedError):
    """No answer, which may come while there is time to wait for it."""


@dataclass
class Asked:
    """One call from the machine `by`, which `leaves` its cluster or does something else."""

    world: World
    by: Machine
    leaves: bool
    options: dict[str, str]
    words: list[str]

    @property
    def endpoints(self) -> list[str]:
        return self.options["--endpoints"].split(",")


def answer(world: World, by: Machine, action: str, arguments: list[str]) -> tuple[int, str]:
    """Exit status and output."""
    options = dict(a.split("=", 1) if "=" in a else (a, "") for a in arguments if a[:2] == "--")
    words = [argument for argument in arguments if argument[:2] != "--"]
    asked = Asked(world, by, action == "leave", options, words)
    command = COMMANDS.get(" ".join(words[:2])) or COMMANDS[words[0]]
    for _ in range(TRIES):
        try:
            return 0, command(asked)
        except NotYetError as refused:
            told = f"Error: {refused}"
            world.pass_time(1)
        except (RefusedError, FileNotFoundError) as refused:
            return 1, f"Error: {refused}"
    return 1, told


def _serving(asked: Asked) -> list[Machine]:
    """Those of the endpoints that take a client's connection."""
    return [found for url in asked.endpoints if (found := _at(asked, url))]


def _at(asked: Asked, url: str) -> Machine | None:
    for machine in asked.world.running():
        process = machine.process
        if process and process.client_url == url and process.ready:
            return machine if _admits(asked, machine) else None
    return None


def _admits(asked: Asked, machine: Machine) -> bool:
    process = machine.process
    assert process
    bundle = Path(asked.options["--cacert"]).read_text()
    certificate = Path(asked.options["--cert"]).read_text()
    same_side = asked.by.side == machine.side
    return same_side and believes(bundle, machine.leaf) and believes(process.bundle, certificate)


def _refusal(asked: Asked) -> RefusedError:
    """A machine that is there refuses at once; one that is away, or an etcd that does not serve
    yet, takes all the time that it is given."""
    world, address = asked.world, address_of(asked.endpoints[0])
    for name, machine in world.machines.items():
        mine = address.rpartition(".")[2] in {name[-1], f"3{name[-1]}"}
        if mine and machine.on and machine.side == asked.by.side and not machine.process:
            return RefusedError("dial tcp: connect: connection refused")
    return NotYetError(EXPIRED)


def _one(asked: Asked) -> Machine:
    serving = _serving(asked)
    if not serving:
        raise _refusal(asked)
    return serving[0]


def _voters(asked: Asked) -> list[Machine]:
    """Those that serve and are no learner, which answers hardly anything."""
    serving = _serving(asked)
    if not serving:
        raise _refusal(asked)
    found = [machine for machine in serving if not _is_learner(machine)]
    if not found:
        # The client of 3.5 takes that for something that passes.
        if min(minor_of(m.process.version) for m in serving if m.process) < (3, 6):
            raise NotYetError(EXPIRED)
        raise RefusedError("etcdserver: rpc not supported for learner")
    return found


def _is_learner(machine: Machine) -> bool:
    assert machine.process
    peer = _config(machine).get(machine.process.copy.id)
    return peer is not None and peer.learner


def _with_quorum(asked: Asked) -> tuple[Machine, Machine]:
    """Who answers, and its leader."""
    for machine in _voters(asked):
        leader = asked.world.leader_of(machine)
        assert machine.process
        if leader is not None and machine.process.copy.id in _config(machine):
            return machine, leader
    raise NotYetError("etcdserver: request timed out")


def _config(machine: Machine) -> Config:
    assert machine.process
    return machine.process.copy.log.config()


def _get(asked: Asked) -> str:
    _with_quorum(asked)
    return ""


def _alarms(asked: Asked) -> str:
    """Nothing here raises one."""
    _with_quorum(asked)
    return ""


def _users(asked: Asked) -> str:
    """Nobody has made one."""
    _with_quorum(asked)
    return ""


def _status(asked: Asked) -> str:
    """Of each endpoint; one that is not there fails all, but the others are told of."""
    told = [_status_of(asked.world, machine) for machine in _serving(asked)]
    if len(told) < len(asked.endpoints):
        refusal = _refusal(asked)
        raise type(refusal)("\n".join([str(refusal), *told]))
    return "\n".join(told)


def _status_of(world: World, machine: Machine) -> str:
    process, leader = machine.process, world.leader_of(machine)
    assert process
    leads = leader.process.copy.id if leader and leader.process else 0
    fields = {
        "MemberID": process.copy.id,
        "Version": f'"{process.version}"',
        "Leader": leads,
        **versions.fields(process.copy, process.version),
        "Errors": "[]" if leads else "[etcdserver: no leader]",
        "Endpoint": f'"{process.client_url}"',
    }
    return "\n".join(f'"{name}" : {value}' for name, value in fields.items())


def _list(asked: Asked) -> str:
    machine, _ = _with_quorum(asked)
    return "\n".join(_line(member_id, peer) for member_id, peer in _config(machine).items())


def _line(member_id: int, peer: Peer) -> str:
    status = "started" if peer.name else "unstarted"
    learner = str(peer.learner).lower()
    return f"{member_id:x}, {status}, {peer.name}, {peer.peer_url}, {peer.client_url}, {learner}"


def _add(asked: Asked) -> str:
    _may_add(asked.world, _voters(asked)[0])
    machine, leader = _with_quorum(asked)
    world, config = asked.world, _config(machine)
    url, learner = asked.options["--peer-urls"], "--learner" in asked.options
    if any(peer.peer_url == url for peer in config.values()):
        raise RefusedError("etcdserver: Peer URLs already exists")
    if learner and any(peer.learner for peer in config.values()):
        raise RefusedError("etcdserver: too many learner members in cluster")
    member_id = zlib.crc32(f"{url} {world.now_s} {len(world.history)}".encode())
    world.tell(f"{asked.by.name} adds {asked.words[2]} at {url}")
    hand.add(world, url, learner=learner)
    world.commit(leader, member_id, Peer("", url, "", learner=learner))
    return f"Member {member_id:x} added"


def _may_add(world: World, machine: Machine) -> None:
    """By what this member alone knows: with one more, which is taken for absent, those that have
    been connected for a while are still a majority."""
    count = len(voters(_config(machine)))
    if count > 1 and world.settled_voters(machine) < majority(count + 1):
        raise RefusedError("etcdserver: unhealthy cluster")


def _remove(asked: Asked) -> str:
    world, member_id = asked.world, int(asked.words[2], 16)
    _may_remove(world, _voters(asked)[0], member_id)
    machine, leader = _with_quorum(asked)
    if member_id not in _config(machine):
        raise RefusedError("etcdserver: member not found")
    hand.remove(world, member_id, asked.by, leaves=asked.leaves)
    world.commit(leader, member_id, None)
    for other in world.machines.values():
        if other.copy_number and world.copies[other.copy_number].id == member_id:
            other.ours = False
    world.settle()
    if machine.process is None:
        # Itself: it ends, and may not get as far as its answer.
        raise RefusedError("etcdserver: server stopped")
    return f"Member {member_id:x} removed"


def _may_remove(world: World, machine: Machine, member_id: int) -> None:
    config = _config(machine)
    if member_id in config and config[member_id].learner:
        return
    left = voters(config) - {member_id}
    started = [other for other in left if config[other].name]
    if len(started) < majority(len(left)) or not left:
        raise RefusedError("etcdserver: re-configuration failed due to not enough started members")
    assert machine.process
    if member_id != machine.process.copy.id and world.connected_since(machine, member_id) is None:
        return
    if world.settled_voters(machine) - 1 < 1 + (len(voters(config)) - 1) // 2:
        raise RefusedError("etcdserver: unhealthy cluster")


def _update(asked: Asked) -> str:
    machine, leader = _with_quorum(asked)
    member_id, url = int(asked.words[2], 16), asked.options["--peer-urls"]
    config = _config(machine)
    if member_id not in config:
        raise RefusedError("etcdserver: member not found")
    if any(peer.peer_url == url for other, peer in config.items() if other != member_id):
        raise RefusedError("etcdserver: Peer URLs already exists")
    asked.world.tell(f"{asked.by.name} moves {config[member_id].name} to {url}")
    asked.world.commit(leader, member_id, replace(config[member_id], peer_url=url))
    return f"Member {member_id:x} updated"


def _promote(asked: Asked) -> str:
    machine, leader = _with_quorum(asked)
    world, member_id = asked.world, int(asked.words[2], 16)
    peer = _config(machine).get(member_id)
    if peer is None:
        raise RefusedError("etcdserver: member not found")
    if not peer.learner:
        raise RefusedError("etcdserver: can only promote a learner member")
    if not any(_has_all(m, member_id) for m in world.reached_by(leader)):
        raise RefusedError(
            "etcdserver: can only promote a learner member which is in sync with leader"
        )
    world.tell(f"{asked.by.name} promotes {peer.name}")
    world.commit(leader, member_id, promoted(peer))
    return f"Member {member_id:x} promoted"


def _has_all(machine: Machine, member_id: int) -> bool:
    assert machine.process
    copy = machine.process.copy
    return copy.id == member_id and copy.length == copy.log.length


def _move_leader(asked: Asked) -> str:
    machine = _one(asked)
    world, member_id = asked.world, int(asked.words[1], 16)
    if world.leader_of(machine) is not machine:
        raise RefusedError(f"no leader endpoint given at {asked.endpoints}")
    if member_id not in voters(_config(machine)):
        raise RefusedError("etcdserver: bad leader transferee")
    for transferee in world.reached_by(machine):
        if _has_all(transferee, member_id):
            world.lead(transferee)
            return "Leadership transferred"
    raise NotYetError("etcdserver: request timed out, leader transfer took too long")


def _downgrade(asked: Asked) -> str:
    """Only to the minor below the cluster's own, and one at a time."""
    machine, _ = _with_quorum(asked)
    assert machine.process
    log = machine.process.copy.log
    if asked.words[1] == "cancel":
        log.target, log.told_s = None, asked.world.now_s
        return "Downgrade cancel success"
    if log.target is not None:
        raise RefusedError("etcdserver: cluster has a downgrade job in progress")
    target = minor_of(asked.words[2])
    if log.minor is None or target[1] != log.minor[1] - 1:
        raise RefusedError("etcdserver: invalid downgrade target version")
    if asked.words[1] == "enable":
        asked.world.tell(f"{asked.by.name} says that the cluster goes down to {asked.words[2]}")
        log.target, log.told_s = target, asked.world.now_s
    return f"Downgrade {asked.words[1]} success"


def _snapshot(asked: Asked) -> str:
    _one(asked)
    Path(asked.words[2]).write_text("snapshot\n")
    return f"Snapshot saved at {asked.words[2]}"


COMMANDS: dict[str, Callable[[Asked], str]] = {
    "get": _get,
    "alarm list": _alarms,
    "endpoint status": _status,
    "member list": _list,
    "member add": _add,
    "member remove": _remove,
    "member update": _update,
    "member promote": _promote,
    "move-leader": _move_leader,
    "user list": _users,
    "downgrade validate": _downgrade,
    "downgrade enable": _downgrade,
    "downgrade cancel": _downgrade,
    "snapshot save": _snapshot,
}
