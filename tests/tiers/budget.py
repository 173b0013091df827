"""How long a tier may take on two cores, and what is said when it takes longer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FAR_OVER = 1.5  # times its budget: fails in CI


@dataclass(frozen=True)
class Budget:
    """Seconds, with warm caches and on a machine that has nothing, compilers' time included."""

    warm_s: float
    cold_s: float


BUDGETS = {
    "check": Budget(60, 150),  # cold: types are checked without a cache
    "test": Budget(12 * 60, 25 * 60),
    "ci": Budget(40 * 60, 40 * 60),
}
COMPILED_S = 60  # whoever compiled for longer began cold


@dataclass(frozen=True)
class Verdict:
    """`lines` are for a person. `fails` in CI only."""

    lines: Sequence[str]
    over: bool
    fails: bool


def judge(tier: str, seconds: float, compiled_s: float = 0, slowest: Sequence[str] = ()) -> Verdict:
    """Holds a tier against its budget."""
    cold = compiled_s > COMPILED_S
    budget = BUDGETS[tier]
    budget_s = budget.cold_s if cold else budget.warm_s
    caches = "from nothing" if cold else "with warm caches"
    told = f"{tier}: {seconds:.0f} s {caches}, {compiled_s:.0f} s of it compiling"
    if seconds <= budget_s:
        return Verdict([f"{told}; the budget is {budget_s:.0f} s"], over=False, fails=False)
    lines = [f"{told}: over the budget of {budget_s:.0f} s; the slowest:", *slowest]
    return Verdict(lines, over=True, fails=seconds > FAR_OVER * budget_s)
