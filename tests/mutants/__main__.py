"""`python -m tests.mutants`: breaks the product in a copy, again and again, and runs its tests."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.catalogue import MUTANTS
from tests.mutants.checkout import copy_checkout
from tests.mutants.hunt import Found, Hunt, tiers_up_to
from tests.mutants.mutant import AREAS, Mutant
from tests.mutants.places import Source
from tests.mutants.report import as_json, line, table
from tests.mutants.tiers import LIMIT_S, TIERS, Suite

PROJECT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Exit code 1 if a mutant was not found, 2 if the tests fail on what is not broken."""
    chosen = _arguments()
    mutants = _chosen(chosen.only, chosen.area)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copy_checkout(PROJECT, Path(folder) / "checkout")
        # A short name: the sockets of what tests start have to lie below it.
        with Suite(copy, Path(folder) / "t") as tests:
            hunt = Hunt(copy, tests, tiers_up_to(chosen.tier), chosen.whole, chosen.limit_s)
            if not chosen.no_baseline and not _passes_unbroken(hunt, mutants):
                return 2
            all_found = _hunted(hunt, mutants)
    sys.stdout.write(f"\n{table(all_found)}\n")
    if chosen.json:
        chosen.json.write_text(as_json(all_found))
    return 0 if all(found.tier for found in all_found) else 1


def _hunted(hunt: Hunt, mutants: Sequence[Mutant]) -> list[Found]:
    source = Source(hunt.folder)
    all_found = []
    for mutant in mutants:
        found = hunt.find(source, mutant)
        all_found.append(found)
        sys.stdout.write(f"{line(found)}\n")
        sys.stdout.flush()
    return all_found


def _passes_unbroken(hunt: Hunt, mutants: Sequence[Mutant]) -> bool:
    for tier, verdict in hunt.baseline(mutants):
        if verdict.outcome != "passed":
            test = verdict.test or verdict.said
            sys.stderr.write(f"error: without any mutant, {tier} {verdict.outcome}: {test}\n")
            return False
    return True


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
    parser.add_argument("--whole", action="store_true", help="whole tiers where hints find nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found to FILE")
    parser.add_argument("--limit-s", type=float, default=LIMIT_S, help="of each run of tests")
    parser.add_argument(
        "--no-baseline", action="store_true", help="do not run the hinted tests unbroken first"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
