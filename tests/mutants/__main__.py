"""`python -m tests.mutants`: breaks the product in a copy, again and again, and runs its tests."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.catalogue import MUTANTS
from tests.mutants.checkout import copy_checkout
from tests.mutants.hunt import Found, Hunt, UnfitError, tiers_up_to
from tests.mutants.mutant import AREAS, Mutant
from tests.mutants.report import as_json, line, table
from tests.mutants.tiers import LIMITS_S, TIERS, Suite

PROJECT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Exit code 1 if a mutant was not found, 2 if the tests fail on what is not broken."""
    chosen = _arguments()
    mutants = _chosen(chosen.only, chosen.area)
    tiers = tiers_up_to(chosen.tier)
    limits_s = dict.fromkeys(tiers, chosen.limit_s) if chosen.limit_s else LIMITS_S
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copy_checkout(PROJECT, Path(folder) / "checkout")
        # A short name: the sockets of what tests start have to lie below it.
        with Suite(copy, Path(folder) / "t") as tests:
            hunt = Hunt(copy, tests, tiers, limits_s, baseline=not chosen.no_baseline)
            try:
                all_found = _hunted(hunt, mutants)
            except UnfitError as unfit:
                sys.stderr.write(f"error: {unfit}\n")
                return 2
    sys.stdout.write(f"\n{table(all_found, tiers)}\n")
    if chosen.json:
        chosen.json.write_text(as_json(all_found))
    return 0 if all(found.tier for found in all_found) else 1


def _hunted(hunt: Hunt, mutants: Sequence[Mutant]) -> list[Found]:
    all_found = []
    for found in hunt.find(mutants):
        all_found.append(found)
        sys.stdout.write(f"{line(found)}\n")
        sys.stdout.flush()
    return all_found


def _chosen(ids: Sequence[str], areas: Sequence[str]) -> list[Mutant]:
    known = {mutant.id for mutant in MUTANTS}
    if unknown := sorted(set(ids) - known):
        sys.exit(f"error: there is no mutant {', '.join(unknown)}")
    everything = not ids and not areas
    return [each for each in MUTANTS if everything or each.id in ids or each.area in areas]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="these mutants")
    parser.add_argument("--area", nargs="+", default=[], choices=AREAS, help="those of these areas")
    parser.add_argument("--tier", choices=TIERS, default="test", help="the last that is asked")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found to FILE")
    parser.add_argument("--limit-s", type=float, help="of each run of tests")
    parser.add_argument(
        "--no-baseline", action="store_true", help="do not run the hinted tests unbroken first"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
