"""The operations. Each is what a person would write into the stack file of a living cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from lab.operations import changes
from lab.operations.changes import Change, Spec
from lab.operations.operation import Ground, Operation, Step, Yardstick

FEWEST = 3  # of so many members one may be down


def _of(*steps: Step) -> Callable[[Ground], Sequence[Step]]:
    """The same on every cluster."""
    return lambda _: steps


def _release(version: str) -> Callable[[Ground], Sequence[Step]]:
    def steps(ground: Ground) -> Sequence[Step]:
        change = ground.release(version)
        return [lambda _: change]

    return steps


def _runs(version: str) -> Callable[[Ground], bool]:
    return lambda ground: bool(ground.stack.spec["version"] == version)


def _growth(count: int) -> Callable[[Ground], Sequence[Step]]:
    def steps(ground: Ground) -> Sequence[Step]:
        return [_joining(dict(islice(ground.spare_nodes().items(), count)))]

    return steps


def _joining(nodes: Mapping[str, Any]) -> Step:
    return lambda spec: changes.join(spec, nodes)


def _has_spares(count: int) -> Callable[[Ground], bool]:
    return lambda ground: len(ground.spare_nodes()) >= count


def _has_members(count: int) -> Callable[[Ground], bool]:
    return lambda ground: len(_members(ground)) >= count


def _members(ground: Ground) -> list[str]:
    return changes.reachable(ground.stack.spec)


def _away(ground: Ground) -> list[str]:
    return [name for name in ground.stack.spec["nodes"] if name not in _members(ground)]


def _one_leaves(ground: Ground) -> Sequence[Step]:
    gone = ground.pick(_members(ground))
    return [lambda spec: changes.leave(spec, [gone])]


def _two_leave(ground: Ground) -> Sequence[Step]:
    leader = ground.leader_name()
    other = ground.pick([name for name in _members(ground) if name != leader])
    return [lambda spec: changes.leave(spec, [leader, other])]


def _replacement(ground: Ground) -> Sequence[Step]:
    """A machine dies for good, and a spare comes in the same change."""
    lost = ground.pick(_members(ground))
    spare = dict(islice(ground.spare_nodes().items(), 1))
    ground.lose(lost)

    def step(spec: Spec) -> Change:
        return changes.join({**spec, **changes.lose(spec, lost)}, spare)

    return [step]


def _return(ground: Ground) -> Sequence[Step]:
    """A member's machine is set up anew, under the old name and address."""
    lost = ground.pick(_members(ground))
    return [_joining({lost: ground.set_up_anew(lost)})]


def _farewell(ground: Ground) -> Sequence[Step]:
    """A machine that died goes out of the stack file, and is set up anew as a spare."""
    ground.set_up_anew(_away(ground)[0])
    return [changes.forget]


def _comeback(ground: Ground) -> Sequence[Step]:
    """A machine that died comes back under its old name and address, without its disk."""
    lost = _away(ground)[0]
    return [_joining({lost: ground.set_up_anew(lost)})]


_ALL = (
    Operation(
        "flag-change",
        "a flag changes",
        _of(changes.flag),
        restarts=1,
        yardstick=Yardstick(57, "0", "90-160 ms"),
    ),
    Operation(
        "leaf-renewal",
        "all certificates are reissued",
        _of(changes.reissue),
        yardstick=Yardstick(49, "0", "130 ms"),
    ),
    Operation(
        "ca-rotation",
        "the CA is rotated in three changes",
        _of(*[changes.rotation_step] * 3),
        restarts=2,
    ),
    Operation(
        "upgrade-to-3.6",
        "3.5.35 to 3.6.16",
        _release("3.6.16"),
        _runs("3.5.35"),
        version="3.5.35",
        restarts=1,
        foundings=2,
        yardstick=Yardstick(70, "4-36", "3.6-19.6 s"),
    ),
    Operation(
        "upgrade-to-3.7",
        "3.6.16 to 3.7.3",
        _release("3.7.3"),
        _runs("3.6.16"),
        restarts=1,
        foundings=2,
    ),
    Operation(
        "downgrade-to-3.5",
        "3.6.16 to 3.5.35",
        _release("3.5.35"),
        _runs("3.6.16"),
        restarts=1,
        foundings=2,
    ),
    Operation(
        "downgrade-to-3.6",
        "3.7.3 to 3.6.16",
        _release("3.6.16"),
        _runs("3.7.3"),
        version="3.7.3",
        restarts=1,
        foundings=2,
    ),
    Operation("join", "one member joins", _growth(1), _has_spares(1), spares=1),
    Operation(
        "grow",
        "three members become five",
        _growth(2),
        _has_spares(2),
        spares=2,
        foundings=2,
        yardstick=Yardstick(119, "8", "5.9 s"),
    ),
    Operation("leave", "one member leaves", _one_leaves, _has_members(FEWEST + 1), founders=4),
    Operation(
        "shrink",
        "five become three, the leader goes",
        _two_leave,
        _has_members(FEWEST + 2),
        founders=5,
    ),
    Operation(
        "replace",
        "a machine that is off is replaced",
        _replacement,
        lambda ground: bool(ground.spare_nodes()) and not _away(ground),
        spares=1,
    ),
    Operation("return", "a founder comes back without its disk", _return),
    Operation("forget", "a dead machine is forgotten", _farewell, lambda g: bool(_away(g))),
    Operation("comeback", "a dead machine comes back", _comeback, lambda g: bool(_away(g))),
    Operation("defragment", "every member is defragmented", _of(changes.defragment), restarts=1),
)
OPERATIONS = {operation.name: operation for operation in _ALL}
# Each on a cluster of its own. Of the others, two begin with a machine that is away, and three are
# a half of one of these.
MEASURED = {
    name: operation
    for name, operation in OPERATIONS.items()
    if name not in {"forget", "comeback", "join", "leave", "downgrade-to-3.6"}
}
# Pods have no machines that are replaced; `shrink` comes after `grow` on the same cluster.
ON_PODS = {
    name: OPERATIONS[name]
    for name in ("upgrade-to-3.6", "flag-change", "leaf-renewal", "ca-rotation", "grow", "shrink")
}
