"""The operations that are measured. Each is what a person would write into the stack file."""

from __future__ import annotations

from collections.abc import Callable

from lab.hosts.stack import host_spec
from lab.operations.operation import Change, Operation, Yardstick
from lab.operations.stage import Stage

_LEAVES = ("server", "peer", "maintenance", "client")


def _renewal(_: Stage) -> list[Change]:
    """Every leaf of another lifetime: they are reissued as in their renewal window."""
    lifetimes = {role: {"validity": "364d"} for role in _LEAVES}
    return [{"pki": {"lifetimes": lifetimes}}]


def _rotation(_: Stage) -> list[Change]:
    generations = ((1, [1, 2]), (2, [1, 2]), (2, [2]))
    return [{"pki": {"signing": signing, "trusted": trusted}} for signing, trusted in generations]


def _upgrade(version: str) -> Callable[[Stage], list[Change]]:
    def changes(stage: Stage) -> list[Change]:
        install = host_spec(stage.hosts, version=version)["install"]
        return [{"version": version, "install": install}]

    return changes


def _growth(stage: Stage) -> list[Change]:
    return [{"nodes": stage.nodes(*stage.spares)}]


def _shrinking(stage: Stage) -> list[Change]:
    """The leader goes, and one more."""
    leader = stage.leader()
    other = next(host for host in stage.hosts if host is not leader)
    gone = (leader.name, other.name)
    return [{"nodes": {name: node for name, node in stage.nodes().items() if name not in gone}}]


def _lose_a_machine(stage: Stage) -> None:
    *left, lost = stage.hosts
    lost.power_off()
    stage.wait_healthy(*left)


def _replacement(stage: Stage) -> list[Change]:
    nodes = stage.nodes(*stage.spares)
    nodes[stage.hosts[-1].name]["reachable"] = False
    return [{"nodes": nodes}]


def _lose_a_disk(stage: Stage) -> None:
    """Its machine is set up anew, under the old name and address."""
    *left, lost = stage.hosts
    lost.wipe()
    lost.power_on()
    lost.wait_ready()
    stage.wait_healthy(*left)


def _return(stage: Stage) -> list[Change]:
    return [{"nodes": stage.nodes()}]  # with the machine's new host key


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation(
            "flag-change",
            "a flag changes",
            lambda _: [{"flags": {"max-txn-ops": 256}}],
            restarts=1,
            yardstick=Yardstick(57, "0", "90-160 ms"),
        ),
        Operation(
            "leaf-renewal",
            "all certificates are reissued",
            _renewal,
            yardstick=Yardstick(49, "0", "130 ms"),
        ),
        Operation("ca-rotation", "the CA is rotated in three changes", _rotation, restarts=2),
        Operation(
            "upgrade-to-3.6",
            "3.5.33 to 3.6.14",
            _upgrade("3.6.14"),
            spec={"version": "3.5.33"},
            restarts=1,
            yardstick=Yardstick(70, "4-36", "3.6-19.6 s"),
        ),
        Operation("upgrade-to-3.7", "3.6.14 to 3.7.1", _upgrade("3.7.1"), restarts=1),
        Operation("downgrade-to-3.5", "3.6.14 to 3.5.33", _upgrade("3.5.33"), restarts=1),
        Operation(
            "grow",
            "three members become five",
            _growth,
            spares=2,
            yardstick=Yardstick(119, "8", "5.9 s"),
        ),
        Operation("shrink", "five become three, the leader goes", _shrinking, founders=5),
        Operation(
            "replace",
            "a machine that is off is replaced",
            _replacement,
            before=_lose_a_machine,
            spares=1,
        ),
        Operation(
            "return",
            "a founder comes back without its disk",
            _return,
            before=_lose_a_disk,
        ),
        Operation(
            "defragment",
            "every member is defragmented",
            lambda _: [{"maintenance": {"defragment": "1"}}],
            restarts=1,
        ),
    )
}
