"""Which test finds a mutant, asked tier by tier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.checkout import forget_compiled
from tests.mutants.mutant import AREAS, Mutant
from tests.mutants.places import Source
from tests.mutants.tiers import LIMIT_S, TIERS, Suite, Tier, Verdict


@dataclass(frozen=True)
class Found:
    """`tier`: of the test that found it; empty if none did. `unusable`: tests that could not be
    read, which is no find."""

    id: str
    area: str
    promise: str
    tier: str
    test: str
    seconds: float
    unusable: str = ""


@dataclass(frozen=True)
class Hunt:
    """`tiers`: those that are asked, the quickest first; `whole`: not their hints alone."""

    folder: Path
    tests: Suite
    tiers: Sequence[Tier]
    whole: bool = False
    limit_s: float = LIMIT_S

    def baseline(self, mutants: Sequence[Mutant]) -> Iterator[tuple[Tier, Verdict]]:
        """The hinted tests of all mutants on what is not broken, tier by tier."""
        hints = list(dict.fromkeys(hint for mutant in mutants for hint in mutant.hints))
        for tier in self.tiers:
            # All of them together may take longer than those of one mutant.
            yield tier, self.tests.run(hints, tier, self.limit_s * max(1, len(hints)))

    def find(self, source: Source, mutant: Mutant) -> Found:
        """Until the first test that fails."""
        seconds, unusable = 0.0, ""
        with source.broken(mutant):
            for tier, tests in self._steps(mutant):
                self._forget()
                verdict = self.tests.run(tests, tier, self.limit_s)
                seconds += verdict.seconds
                if verdict.outcome in {"failed", "timed out"}:
                    mark = "timed out: " if verdict.outcome == "timed out" else ""
                    return _found(mutant, tier, f"{mark}{verdict.test}", seconds, unusable)
                if verdict.outcome == "unusable":
                    unusable = verdict.said
        self._forget()
        return _found(mutant, "", "", seconds, unusable)

    def _steps(self, mutant: Mutant) -> Iterator[tuple[Tier, Sequence[str]]]:
        for tier in self.tiers:
            yield tier, mutant.hints
            if tier == "check":
                yield tier, AREAS[mutant.area]
        if self.whole:
            for tier in self.tiers:
                yield tier, ("tests",)

    def _forget(self) -> None:
        forget_compiled(self.folder, self.tests.compiled)


def tiers_up_to(last: Tier) -> list[Tier]:
    """The tiers that are asked when nothing is left out up to `last`."""
    names = list(TIERS)
    return names[: names.index(last) + 1]


def _found(mutant: Mutant, tier: str, test: str, seconds: float, unusable: str) -> Found:
    return Found(
        mutant.id,
        mutant.area,
        mutant.promise,
        tier,
        test,
        round(seconds, 1),
        "" if tier else unusable,
    )
