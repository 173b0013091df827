"""A spec out of a stack file with mistakes, so that the other checks still run on the rest."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from components.spec.models.cluster import Cluster
from components.spec.reading.translate import findings_of
from components.spec.report.finding import Finding
from components.spec.report.places import MISSING, key_of, look_up
from components.spec.report.problems import Place
from components.spec.report.shape import example_at

_ROUNDS = 4


def salvage(raw: object, refused: Iterable[Finding]) -> tuple[Cluster | None, list[Place]]:
    """The spec with refused values dropped, and stand-ins where one is required; None where too
    little is left. With it the places that were refused only then, as of nodes that all had to go.

    Whoever checks it drops findings that rest on a refused place, so a stand-in is never blamed.
    """
    if not isinstance(raw, dict):
        return None, []
    emptied: list[Place] = []
    rest = copy.deepcopy(raw)
    for _ in range(_ROUNDS):
        for finding in sorted(refused, key=lambda finding: str(finding.place), reverse=True):
            _mend(rest, finding.place)
        try:
            return Cluster.model_validate(rest), emptied
        except ValidationError as error:
            refused = findings_of(Cluster, rest, error)
            emptied += [finding.place for finding in refused]
    return None, emptied


def _mend(rest: Any, place: Place) -> None:
    """Drop what stands at a place; what is required and gone gets a stand-in."""
    if not place:
        return
    owner = look_up(rest, place[:-1])
    if owner is MISSING or not isinstance(owner, dict | list):
        _mend(rest, place[:-1])
    elif isinstance(owner, list):
        if isinstance(place[-1], int) and place[-1] < len(owner):
            del owner[place[-1]]
    elif key_of(owner, place[-1]) is not MISSING:
        del owner[key_of(owner, place[-1])]
    else:
        owner[place[-1]] = copy.deepcopy(example_at(Cluster, place))
