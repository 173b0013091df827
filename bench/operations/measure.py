"""Measures operations, and shows all that have been measured."""

from __future__ import annotations

from collections.abc import Collection

from bench.figures import RESULTS, Report
from bench.machines import require_hosts
from bench.operations.picture import draw
from bench.operations.report import Measured, figures, table
from bench.project import REPOSITORY
from lab.operations.outcome import keep, kept
from lab.operations.run import run_on_hosts
from lab.operations.table import MEASURED

RUNS = RESULTS / "operations"
PICTURE = REPOSITORY / "docs" / "operations" / "operations.png"


def measure(runs: int, names: Collection[str] = ()) -> Report:
    """Those operations, or all; what is shown has the others as they were last measured.
    NotMeasurable where no hosts can be made."""
    require_hosts()
    for name in names or MEASURED:
        keep(name, [run_on_hosts(MEASURED[name]) for _ in range(runs)], RUNS)
    return _report([(operation, kept(name, RUNS)) for name, operation in MEASURED.items()])


def _report(measured: Measured) -> Report:
    measured = [(operation, outcomes) for operation, outcomes in measured if outcomes]
    report = Report("operations")
    report.note("seconds are the median of the runs and aim at a fifth of the most used playbook's")
    report.note("of everything else the worst run is shown")
    for operation, outcomes in measured:
        for figure in figures(operation, outcomes):
            report.add(f"{operation.name}: {figure.name}", figure.unit, figure.runs, figure.aim)
        for outcome in outcomes:
            for error, times in outcome.client["errors"].items():
                report.note(f"{operation.name}, {times} times: {error}")
    print(table(measured))
    draw(measured, PICTURE)
    return report
