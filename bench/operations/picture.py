"""Latency of each write over the time of an operation, with the operation's steps, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.operations.report import Measured
from lab.operations.operation import Operation
from lab.operations.outcome import Outcome, Write
from lab.operations.steps import together

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS = 2
_PANEL_INCHES = (6.5, 2.6)
_DOTS_PER_INCH = 100
_SCALE_MS = (0.5, 5000)
_KEY = (
    "blue: an acknowledged write    red: a failed one    shaded: an `up` runs    "
    "dotted: that command is over"
)
_LABEL_SHARE = 0.022  # of a panel's width that a label takes, set upright
_WRITE, _FAILED, _STEP, _UP = "#1f6fb4", "#d62728", "#555555", "#f2f4f7"


def draw(measured: Measured, path: Path) -> None:
    """One panel an operation; of its runs, the one with the longest gap."""
    # Takes a second to import, which nobody needs who draws nothing.
    from matplotlib.figure import Figure  # noqa: PLC0415

    rows = -(-len(measured) // _COLUMNS)
    width, height = _PANEL_INCHES
    figure = Figure((_COLUMNS * width, rows * height), layout="constrained")
    figure.suptitle(_KEY, fontsize=8)
    panels = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for panel, (operation, outcomes) in zip(panels, measured, strict=False):
        _panel(panel, operation, max(outcomes, key=lambda run: run.client["longest_gap_ms"]))
    for panel in panels[len(measured) :]:
        panel.set_visible(False)
    figure.savefig(path, dpi=_DOTS_PER_INCH, metadata={"Software": None})


def _panel(panel: Axes, operation: Operation, outcome: Outcome) -> None:
    found = outcome.client
    panel.set_title(
        f"{operation.title}: {outcome.seconds:.1f} s, {found['failed']} failed, "
        f"{found['lost']} lost, longest gap {found['longest_gap_ms']:.0f} ms",
        fontsize=9,
        loc="left",
    )
    panel.set_yscale("log")
    panel.yaxis.set_major_formatter("{x:g}")
    panel.set_ylim(*_SCALE_MS)
    panel.set_xlim(0, found["seconds"])
    panel.set_xlabel("seconds", fontsize=8)
    panel.set_ylabel("write latency, ms", fontsize=8)
    panel.tick_params(labelsize=8)
    for up in outcome.ups:
        panel.axvspan(up.begin_s, up.end_s, color=_UP, zorder=0)
    _steps(panel, outcome)
    _dots(panel, [write for write in outcome.writes if not write.failed], _WRITE, size=1)
    _dots(panel, [write for write in outcome.writes if write.failed], _FAILED, size=14)


def _steps(panel: Axes, outcome: Outcome) -> None:
    top = _SCALE_MS[1] * 0.8
    for step in together(outcome.steps, _LABEL_SHARE * outcome.client["seconds"]):
        panel.axvline(step.at_s, color=_STEP, linewidth=0.6, linestyle=":")
        panel.text(
            *(step.at_s, top, step.label),
            rotation=90,
            fontsize=6,
            color=_STEP,
            ha="right",
            va="top",
        )


def _dots(panel: Axes, writes: Sequence[Write], color: str, *, size: float) -> None:
    panel.scatter(
        [write.at_s for write in writes],
        [write.latency_ms for write in writes],
        s=size,
        c=color,
        marker="s",
        linewidths=0,
    )
