"""What a hunt says: a line a mutant, and a table of the areas at its end. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from tests.mutants.hunt import Found
from tests.mutants.tiers import TIERS

NOT_FOUND = "not found"


def line(found: Found) -> str:
    """`gate-not-asked  gate  one-down-at-most  test  tests/…::test_…  12.3 s`."""
    test = found.test or ("tests cannot be read" if found.unusable else "-")
    words = (found.id, found.area, found.promise, found.tier or NOT_FOUND, test)
    return "  ".join([*words, f"{found.seconds:.1f} s"])


def table(all_found: Sequence[Found]) -> str:
    """Mutants found by each tier, per area and in all, with the part that was found."""
    columns = [*TIERS, NOT_FOUND]
    lines = [_row("area", [*columns, "found"])]
    for area in [*dict.fromkeys(found.area for found in all_found), "all"]:
        counts = Counter(
            found.tier or NOT_FOUND for found in all_found if area in {found.area, "all"}
        )
        part = 100 * (1 - counts[NOT_FOUND] / counts.total())
        lines.append(_row(area, [*(str(counts[each]) for each in columns), f"{part:.0f} %"]))
    return "\n".join(lines)


def as_json(all_found: Iterable[Found]) -> str:
    """The same for programs."""
    return json.dumps([asdict(found) for found in all_found], indent=1) + "\n"


def _row(name: str, cells: Iterable[str]) -> str:
    return f"{name:<12}" + "".join(f"{cell:>11}" for cell in cells)
