"""What happens to machines by itself. A majority keeps its data: nobody could survive else."""

from __future__ import annotations

import shutil

from tests.model.machines import Machine
from tests.model.start import start
from tests.model.world import World


def power_off(world: World, machine: Machine) -> None:
    world.tell(f"{machine.name} loses power")
    machine.on = False
    machine.ours = False
    world.end(machine)


def power_on(world: World, machine: Machine) -> None:
    """A service starts its etcd at boot, if it ever had one."""
    world.tell(f"{machine.name} has power again")
    machine.on = True
    if (machine.root / "state" / "started").exists():
        start(world, machine)


def may_lose_disk(world: World, machine: Machine) -> bool:
    """Two members that have lost theirs wait for each other until one is said to be away."""
    return machine.copy_number is not None and not world.bare() and world.survives(without=machine)


def lose_disk(world: World, machine: Machine, *, whole: bool) -> None:
    """All of it, or the data alone, as where that is a disk of its own."""
    world.tell(f"{machine.name} loses its {'disk' if whole else 'data'}")
    machine.ours = False
    world.end(machine)
    shutil.rmtree(machine.root if whole else machine.root / "data" / "member")


def cut_off(world: World, machine: Machine, *, ssh: bool) -> None:
    world.tell(f"{machine.name} is cut off from the others{' but not from us' if ssh else ''}")
    _place(world, machine, int(machine.name[-1]), ssh=ssh)


def heal(world: World) -> None:
    world.tell("the network is whole again")
    for machine in world.machines.values():
        if machine.side:
            _place(world, machine, 0, ssh=True)


def _place(world: World, machine: Machine, side: int, *, ssh: bool) -> None:
    machine.side, machine.side_since_s, machine.ssh = side, world.now_s, ssh
    machine.ours = False
    world.settle()
