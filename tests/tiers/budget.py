"""How long a tier may take on two cores, and what is said when it takes longer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FAR_OVER = 1.5  # times its budget: fails in CI


@dataclass(frozen=True)
class Budget:
    """Seconds. `warm_s`: of all but set-up, compiling and building images, which caches save;
    `cold_s`: of all together, as on a machine that has nothing."""

    warm_s: float | None = None
    cold_s: float | None = None


BUDGETS = {
    # Its caches are those of lint and types, which take about 40 s of a processor to make anew:
    # with idle processors that is over the budget, but not far over.
    "check": Budget(warm_s=60),
    "test": Budget(warm_s=12 * 60, cold_s=25 * 60),
    "ci": Budget(cold_s=40 * 60),
}


@dataclass(frozen=True)
class Verdict:
    """`lines` are for a person. `fails` in CI only."""

    lines: Sequence[str]
    over: bool
    fails: bool


def judge(tier: str, seconds: float, compiled_s: float = 0, slowest: Sequence[str] = ()) -> Verdict:
    """Holds a tier against its budgets. `compiled_s` of the seconds went into set-up, compiling
    and building images, however many they are."""
    budget = BUDGETS[tier]
    held = [
        (f"{seconds - compiled_s:.0f} s without compiling", seconds - compiled_s, budget.warm_s),
        (f"{seconds:.0f} s in all", seconds, budget.cold_s),
    ]
    lines: list[str] = []
    excess = 0.0
    for told, spent_s, budget_s in held:
        if budget_s is None:
            continue
        excess = max(excess, spent_s / budget_s)
        where = "over the budget of" if spent_s > budget_s else "within the budget of"
        lines.append(f"{tier}: {told}, {where} {budget_s:.0f} s")
    if excess > 1:
        lines += [f"the slowest of {tier}:", *slowest]
    return Verdict(lines, over=excess > 1, fails=excess > FAR_OVER)


def left_s(tier: str, spent_s: float) -> float:
    """What is left of the budget of a machine that has nothing; 0 if it is spent."""
    return max(0.0, (BUDGETS[tier].cold_s or 0.0) - spent_s)
