"""Which test finds a mutant, asked tier by tier.

A test that fails finds it. Tests that do not end in time may show a mutant that waits for ever or a
slow machine. So the same tests run once more, unbroken: if they pass in a third of that time, they
have found the mutant, otherwise the outcome is `timed out`, which is no find.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tests.mutants.checkout import forget_compiled
from tests.mutants.mutant import AREAS, Mutant
from tests.mutants.places import Source
from tests.mutants.tiers import TIERS, Suite, Tier, Verdict

ENDLESS = 3  # times as long as unbroken


@dataclass(frozen=True)
class Found:
    """`tier`: of the test that found it; empty if none did. `undecided`: what else happened to
    tests then, which is no find: they did not end in time, or could not be read."""

    id: str
    area: str
    promise: str
    tier: Tier | Literal[""] = ""
    test: str = ""
    seconds: float = 0.0
    undecided: Literal["", "timed out", "unusable"] = ""


class UnfitError(Exception):
    """The hinted tests of a tier fail on what is not broken."""


@dataclass(frozen=True)
class Hunt:
    """`tiers`: those that are asked, the quickest first. `limits_s`: of a run of tests.
    `baseline`: whether the tests of a tier have to pass unbroken first."""

    folder: Path
    tests: Suite
    tiers: Sequence[Tier]
    limits_s: Mapping[Tier, float]
    baseline: bool = True

    def find(self, mutants: Sequence[Mutant]) -> Iterator[Found]:
        """Each as soon as it is decided: a tier is asked for what those before it do not find."""
        source = Source(self.folder)
        left = [(each, Found(each.id, each.area, each.promise)) for each in mutants]
        for tier in self.tiers:
            if self.baseline:
                self._pass_unbroken([mutant for mutant, _ in left], tier)
            asked, left = left, []
            for mutant, so_far in asked:
                found = self._ask(source, mutant, so_far, tier)
                if found.tier or tier == self.tiers[-1]:
                    yield found
                else:
                    left.append((mutant, found))

    def _pass_unbroken(self, mutants: Sequence[Mutant], tier: Tier) -> None:
        hints = list(dict.fromkeys(hint for mutant in mutants for hint in mutant.hints))
        if not hints:
            return
        # All of them together may take longer than those of one mutant.
        verdict = self.tests.run(hints, tier, self.limits_s[tier] * len(hints))
        if verdict.outcome != "passed":
            message = (
                f"without any mutant, {tier} {verdict.outcome}: {verdict.test or verdict.said}"
            )
            raise UnfitError(message)

    def _ask(self, source: Source, mutant: Mutant, so_far: Found, tier: Tier) -> Found:
        """Until the first test that fails."""
        for tests in (mutant.hints, AREAS[mutant.area]) if tier == "check" else (mutant.hints,):
            verdict = self._verdict(source, mutant, tests, tier)
            so_far = replace(so_far, seconds=round(so_far.seconds + verdict.seconds, 1))
            if verdict.outcome == "failed":
                return replace(so_far, tier=tier, test=verdict.test, undecided="")
            if verdict.outcome != "passed":
                so_far = replace(so_far, undecided=verdict.outcome)
        return so_far

    def _verdict(self, source: Source, mutant: Mutant, tests: Sequence[str], tier: Tier) -> Verdict:
        self._forget()
        with source.broken(mutant):
            verdict = self.tests.run(tests, tier, self.limits_s[tier])
        self._forget()
        return self._judged(verdict, tests, tier) if verdict.outcome == "timed out" else verdict

    def _judged(self, late: Verdict, tests: Sequence[str], tier: Tier) -> Verdict:
        """Failed, if it is the mutant that makes these tests late."""
        unbroken = self.tests.run(tests, tier, late.seconds / ENDLESS)
        if unbroken.outcome != "passed":
            return late
        times = late.seconds / unbroken.seconds
        told = f"{late.test} (timed out at {times:.0f} times what it takes unbroken)"
        return replace(late, outcome="failed", test=told)

    def _forget(self) -> None:
        forget_compiled(self.folder, self.tests.compiled)


def tiers_up_to(last: Tier) -> list[Tier]:
    """The tiers that are asked when nothing is left out up to `last`."""
    names = list(TIERS)
    return names[: names.index(last) + 1]
