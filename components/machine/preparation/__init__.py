"""The steps of a node's preparation. A step is a file here, a script under `scripts/preparation/`,
and a row of this list; none of them touches anything that runs."""

from __future__ import annotations

from collections.abc import Callable

from components.machine.preparation import (
    account,
    data,
    firewall,
    folders,
    immutable,
    install,
    latency,
    ports,
    scripts,
    selinux,
    service,
    shell_profile,
    space,
    upgrade,
)
from components.machine.preparation.step import PreparationStep
from components.member.member import Member

# In the order in which they are made, which is the opposite of that in which they are removed.
STEPS: tuple[Callable[[Member], PreparationStep | None], ...] = (
    ports.step,
    service.step,
    upgrade.step,
    space.step,
    # What may turn out to be another file than the pinned one comes before anything is made.
    install.archive,
    account.step,
    # After the user: a distribution's package would make one with a number of its own.
    install.package,
    folders.step,
    scripts.step,
    immutable.step,
    data.step,
    shell_profile.step,
    firewall.step,
    selinux.step,
    latency.step,
)


def steps_of(member: Member) -> tuple[PreparationStep, ...]:
    """The steps that `member`'s machine needs."""
    found = (step(member) for step in STEPS)
    return tuple(step for step in found if step is not None)


__all__ = ["STEPS", "PreparationStep", "steps_of"]
