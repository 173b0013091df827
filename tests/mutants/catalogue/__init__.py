"""All mutants, by area."""

from tests.mutants.catalogue import (
    gate,
    generation,
    join,
    leave,
    ops,
    outputs,
    pki,
    pods,
    preparation,
    retire,
    snapshot,
    spec,
    trust,
    upgrade,
)

_AREAS = (
    *(gate, join, leave, trust, generation, retire, preparation, snapshot, upgrade),
    *(pods, outputs, pki, spec, ops),
)
MUTANTS = tuple(mutant for area in _AREAS for mutant in area.MUTANTS)
