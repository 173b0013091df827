"""What a hunt says: a line a mutant, and a table of the areas at its end. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from tests.mutants.hunt import Found
from tests.mutants.mutant import AREAS
from tests.mutants.tiers import Tier

TIMED_OUT, NOT_FOUND = "timed out", "not found"


def line(found: Found) -> str:
    """`gate-not-asked  gate  one-down-at-most  test  tests/…::test_…  12.3 s`."""
    test = found.test or ("tests cannot be read" if found.undecided == "unusable" else "-")
    words = (found.id, found.area, found.promise, _column(found), test)
    return "  ".join([*words, f"{found.seconds:.1f} s"])


def table(all_found: Sequence[Found], tiers: Sequence[Tier]) -> str:
    """Mutants found by each of these tiers, per area and in all, with the part that was found."""
    columns = [*tiers, TIMED_OUT, NOT_FOUND]
    lines = [_row("area", [*columns, "found"])]
    asked = {found.area for found in all_found}
    for area in [*(area for area in AREAS if area in asked), "all"]:
        counts = Counter(_column(found) for found in all_found if area in {found.area, "all"})
        part = 100 * sum(counts[tier] for tier in tiers) / counts.total()
        lines.append(_row(area, [*(str(counts[each]) for each in columns), f"{part:.0f} %"]))
    return "\n".join(lines)


def _column(found: Found) -> str:
    return found.tier or (TIMED_OUT if found.undecided == TIMED_OUT else NOT_FOUND)


def as_json(all_found: Iterable[Found]) -> str:
    """The same for programs."""
    return json.dumps([asdict(found) for found in all_found], indent=1) + "\n"


def _row(name: str, cells: Iterable[str]) -> str:
    return f"{name:<12}" + "".join(f"{cell:>11}" for cell in cells)
