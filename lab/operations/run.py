"""One run of an operation: hosts, cluster, client, onlooker, and the changes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from lab.client.client import Client
from lab.operations.operation import Change, Operation
from lab.operations.outcome import Outcome, Span, writes_of
from lab.operations.stage import Stage, stage
from lab.operations.steps import Step, label_of
from lab.phases import phase
from lab.watchers.onlooker import Onlooker
from ops.events import Diagnostic, parse

_CALM_S = 2  # of writing before the operation and after it


def run(operation: Operation, writer: Path) -> Outcome:
    """On fresh hosts. RuntimeError if an `up` fails, or if the writes cannot be read back."""
    with stage(operation.founders, operation.spares, operation.spec) as made:
        operation.before(made)
        changes = operation.changes(made)
        folder = made.stack.folder / "client"
        client = Client(writer, folder, made.stack.outputs())
        try:
            return _measured(made, changes, client, Onlooker([*made.hosts, *made.spares], folder))
        finally:
            client.stop()


@phase("measure")
def _measured(
    made: Stage, changes: Sequence[Change], client: Client, onlooker: Onlooker
) -> Outcome:
    ups: list[Span] = []
    steps: list[Step] = []
    with onlooker:
        time.sleep(_CALM_S)
        for change in changes:
            begin_s = time.time()
            steps += _up(made, change)
            ups.append(Span(begin_s, time.time()))
            client.follow(made.stack.outputs())
        time.sleep(_CALM_S)
    found = client.report()
    zero_s = found["started_s"]
    return Outcome(
        client=found,
        restarts=onlooker.restarts(),
        most_down=onlooker.down.most(),
        ups=[Span(up.begin_s - zero_s, up.end_s - zero_s) for up in ups],
        steps=[Step(step.label, step.at_s - zero_s) for step in steps],
        writes=writes_of(client.csv),
    )


def _up(made: Stage, change: Change) -> list[Step]:
    """The steps at the times of this machine's clock."""
    made.stack.change(**change)
    engine = made.stack.start("up", "--yes", "--skip-preview", "--json")
    steps: list[Step] = []
    said = []
    assert engine.stdout
    for line in engine.stdout:
        event = parse(line)
        if isinstance(event, Diagnostic) and event.severity == "error":
            said.append(event.message)
        elif event and (label := label_of(event, made.stack.spec["name"])):
            steps.append(Step(label, time.time()))
    if engine.wait() != 0:
        raise RuntimeError("\n".join(said))
    return steps
