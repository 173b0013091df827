"""What may be done to a cluster by our hand: nothing that costs the quorum or a second member."""

from __future__ import annotations

from tests.model.machines import Machine
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
