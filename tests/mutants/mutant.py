"""What a mutant is, and what its fields may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# For each area the folders whose fast tests are about it.
AREAS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("gate", "join", "leave", "trust", "generation", "retire"),
                *("preparation", "snapshot", "upgrade"),
            ),
            ("tests/node",),
        ),
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
