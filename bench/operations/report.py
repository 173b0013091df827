"""Outcomes as figures with their aims, and as a table to put into a text."""

from __future__ import annotations

from collections.abc import Sequence

from bench.figures import Figure
from lab.operations.operation import Operation
from lab.operations.outcome import Outcome

_GAP_AIM_MS = 100
Measured = Sequence[tuple[Operation, Sequence[Outcome]]]


def figures(operation: Operation, outcomes: Sequence[Outcome]) -> list[Figure]:
    """Seconds are the median of the runs; of all else the worst run counts."""
    yardstick = operation.yardstick
    restarts = max(max(outcome.restarts.values()) for outcome in outcomes)
    down = max(outcome.most_down for outcome in outcomes)

    def worst(key: str) -> tuple[float]:
        return (max(outcome.client[key] for outcome in outcomes),)

    return [
        Figure(
            "seconds",
            "s",
            tuple(outcome.seconds for outcome in outcomes),
            yardstick.aim_s if yardstick else None,
        ),
        Figure("writes", "", (min(outcome.client["writes"] for outcome in outcomes),)),
        Figure("failed", "", worst("failed"), 0),
        Figure("lost", "", worst("lost"), 0),
        Figure("longest gap", "ms", worst("longest_gap_ms"), _GAP_AIM_MS),
        Figure("slowest write", "ms", worst("slowest_ms")),
        Figure("restarts of a member", "", (restarts,), operation.restarts),
        Figure("elections", "", worst("elections")),
        Figure("members down at once", "", (down,), 1),
    ]


def table(measured: Measured) -> str:
    """In Markdown, a line an operation; the playbook's figures come last."""
    found = [(operation, figures(operation, outcomes)) for operation, outcomes in measured]
    names = [figure.name for figure in found[0][1]] if found else []
    lines = [
        ["operation", *names, "playbook"],
        ["---"] * (len(names) + 2),
        *([each.title, *map(_cell, its), _playbook(each)] for each, its in found),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(figure: Figure) -> str:
    shown = f"{figure.value:.0f}" if figure.unit != "s" else f"{figure.value:.1f}"
    return f"{shown} {figure.unit}".rstrip()


def _playbook(operation: Operation) -> str:
    if (theirs := operation.yardstick) is None:
        return ""
    return f"{theirs.seconds:.0f} s, {theirs.failed} failed, gap {theirs.gap}"
