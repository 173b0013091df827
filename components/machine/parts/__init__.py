"""What a node's preparation consists of. A part is a file here, a script under `scripts/parts/`,
and a row of this list; nothing that runs is touched by any of them."""

from __future__ import annotations

from collections.abc import Callable

from components.machine.parts import (
    account,
    data,
    firewall,
    folders,
    install,
    latency,
    ports,
    selinux,
    service,
    immutable,
    shell_profile,
    space,
    upgrade,
)
from components.machine.parts.part import Part
from components.member.member import Member

# In the order in which they are made, which is the opposite of that in which they are removed.
PARTS: tuple[Callable[[Member], Part | None], ...] = (
    ports.part,
    service.part,
    upgrade.part,
    space.part,
    # What may turn out to be another file than the pinned one comes before anything is made.
    install.archive,
    account.part,
    # After the user: a distribution's package would make one with a number of its own.
    install.package,
    folders.part,
    immutable.part,
    data.part,
    shell_profile.part,
    firewall.part,
    selinux.part,
    latency.part,
)


def parts_of(member: Member) -> tuple[Part, ...]:
    """The parts that `member`'s machine needs."""
    found = (part(member) for part in PARTS)
    return tuple(part for part in found if part is not None)


__all__ = ["PARTS", "Part", "parts_of"]
