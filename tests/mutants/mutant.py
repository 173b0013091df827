"""What a mutant is, and what its fields may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_WIRING = ("tests/node/test_node_component.py", "tests/node/test_node_libraries.py")
_GATE = "tests/node/test_gate.py"
# For each area what `make check` has about it.
AREAS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "gate": (_GATE, "tests/node/test_alarms.py", *_WIRING),
        "join": (_GATE, *_WIRING),
        "leave": (_GATE, *_WIRING),
        "trust": (
            *(_GATE, "tests/node/test_node_desired.py", "tests/node/test_node_text.py"),
            "tests/pki/test_rotation.py",
        ),
        "generation": (
            *("tests/node/test_generations.py", "tests/node/test_node_desired.py"),
            *("tests/node/test_node_flags.py", "tests/node/test_node_payload.py"),
        ),
        "retire": (
            *("tests/node/test_data.py", "tests/node/test_disk_of_its_own.py"),
            *("tests/node/test_service.py", "tests/node/test_service_identity.py"),
        ),
        "preparation": (
            *("tests/node/test_data.py", "tests/node/test_firewall_settings.py"),
            *("tests/node/test_node_prepare.py", "tests/node/test_immutable.py"),
            *("tests/node/test_space.py", *_WIRING),
        ),
        "snapshot": _WIRING,
        "upgrade": ("tests/node/test_upgrade_steps.py", *_WIRING),
        "pods": ("tests/pods", "tests/kubernetes"),
        "outputs": ("tests/outputs", "tests/downstream"),
        "pki": ("tests/pki",),
        "spec": ("tests/spec",),
        "ops": ("tests/ops",),
    }
)


@dataclass(frozen=True)
class Mutant:
    """A fault that a developer could make.

    `function`: where `former` stands, exactly once below `components/` and `ops/`: a function of a
    script or of Python (a method as `Class.method`), a class, an assigned name, or `OUTSIDE` of
    them all. `promise`: what the fault breaks. `hints`: the tests that are most likely to find it,
    files or node ids, those of `make check` first.
    """

    id: str
    area: str
    function: str
    former: str
    broken: str
    promise: str
    hints: tuple[str, ...]
