"""What may be done to a cluster by our hand: nothing that costs the quorum or a second member."""

from __future__ import annotations

from tests.model.machines import Machine, minor_of
from tests.model.raft import majority, voters
from tests.model.world import World


def stop(world: World, machine: Machine) -> None:
    """A script stops the member's process."""
    if machine.process is None:
        return
    if world.follows(machine):
        _check_stop(world, machine)
        machine.ours = True
    world.tell(f"our hand stops {machine.name}")
    world.end(machine)


def _check_stop(world: World, machine: Machine) -> None:
    log = world.living()
    assert log
    down = [other.name for other in world.machines.values() if other.ours and other is not machine]
    if down:
        world.breach(f"our hand stops {machine.name} while it keeps {' '.join(down)} down")
    # One of one or two cannot restart without an interruption.
    if world.spare() < 1 and len(voters(log.config())) > 2:
        world.breach(f"our hand stops {machine.name}, which the quorum needs")


def left_down(world: World) -> None:
    """After a change that etcd has refused: nobody whom we have stopped."""
    for machine in world.machines.values():
        if machine.ours and machine.on:
            world.breach(f"our hand leaves {machine.name} down after a refused change")


def change_version(world: World, machine: Machine) -> None:
    """The first member that goes to another version: healthy until then, and with a snapshot. No
    cluster has three of them."""
    copy = world.copies.get(machine.copy_number or 0)
    if copy is None or machine.version == copy.ran:
        return
    others = [m.process for m in world.running(copy.log) if m is not machine and m.process]
    beside = {process.version for process in others} - {copy.ran}
    if beside - {machine.version}:
        world.breach(f"our hand takes {machine.name} to a third version, {machine.version}")
    if beside or minor_of(machine.version) == minor_of(copy.ran):
        return
    if not world.follows(machine):
        world.breach(f"our hand takes {machine.name} to {machine.version}, which is not healthy")
    kept = machine.root / "state" / "snapshots" / f"before-{machine.version}.db"
    if not kept.exists():
        world.breach(f"our hand takes {machine.name} to {machine.version} without a snapshot")


def acquainted(world: World) -> set[tuple[str, str]]:
    """Pairs of members that talk to each other."""
    running = world.running()
    return {(a.name, b.name) for a in running for b in running if world.reach(a, b)}


def estranges(world: World, before: set[tuple[str, str]], away: set[str]) -> None:
    """After a script: whom it has shut out by its certificates, but for those that do not count."""
    for one, other in sorted(before):
        machines = world.machines[one], world.machines[other]
        if {one, other} & away or not all(machine.process for machine in machines):
            continue
        if not world.trust_each_other(*machines):
            world.breach(f"our hand makes {one} and {other} strangers")


def add(world: World, peer_url: str, *, learner: bool) -> None:
    """A script adds a member. A voter that has not started counts for the quorum all the same."""
    if not learner:
        world.breach(f"our hand adds a voter at {peer_url} that has never learnt")


def remove(world: World, member_id: int, by: Machine, *, leaves: bool) -> None:
    """A script removes a member: itself when it leaves, otherwise only what is of no use."""
    log = world.living()
    assert log
    world.tell(f"{by.name} removes {log.config()[member_id].name or hex(member_id)}")
    counted = [machine for machine in world.running(log) if world.follows(machine)]
    left = voters(log.config()) - {member_id}
    up = [m for m in counted if m.process and m.process.copy.id in left]
    if len(up) < majority(len(left)):
        world.breach(f"our hand removes {member_id:x}, and the rest has no quorum")
    if not leaves and len(up) < len(counted):
        world.breach(f"our hand removes {member_id:x}, which is healthy")


def data(world: World, before: dict[str, int | None]) -> None:
    """After a script: data of a member is where it was."""
    log = world.living()
    for machine in world.machines.values():
        number = before[machine.name]
        if number is None or machine.copy_number == number:
            continue
        copy = world.copies[number]
        if copy.log is log and copy.id in voters(log.config()):
            world.breach(f"our hand takes the data of the member {machine.name}")
