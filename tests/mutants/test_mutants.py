"""Every mutant has one place and can be looked for; and the hunt itself tells what it found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import AREAS
from tests.mutants.places import Source

PROJECT = Path(__file__).resolve().parents[2]
LEAST_OF_AN_AREA = 4


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(PROJECT)


def test_every_mutant_has_one_place(source: Source) -> None:
    counts = {mutant.id: len(source.places(mutant)) for mutant in MUTANTS}
    assert {name: count for name, count in counts.items() if count != 1} == {}


def test_every_mutant_is_another_text() -> None:
    assert [mutant.id for mutant in MUTANTS if mutant.former == mutant.broken] == []
    assert [name for name, count in Counter(each.id for each in MUTANTS).items() if count > 1] == []


def test_every_area_has_mutants() -> None:
    counts = Counter(mutant.area for mutant in MUTANTS)
    assert counts.keys() == AREAS.keys()
    assert min(counts.values()) >= LEAST_OF_AN_AREA


def test_every_hint_is_a_test_that_there_is() -> None:
    hints = {hint for mutant in MUTANTS for hint in mutant.hints}
    assert [hint for hint in sorted(hints) if not _is_there(hint)] == []
    assert [mutant.id for mutant in MUTANTS if not mutant.hints] == []


def _is_there(hint: str) -> bool:
    file, _, test = hint.partition("::")
    path = PROJECT / file
    name = test.partition("[")[0]
    return path.is_file() and (not name or f"def {name}(" in path.read_text())
