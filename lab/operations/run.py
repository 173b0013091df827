"""One run of an operation: cluster, client, watcher, and the changes."""

from __future__ import annotations

import time
from collections.abc import Sequence

from lab.client.client import Client
from lab.hosts.living import LivingCluster
from lab.hosts.stack import host_stack
from lab.hosts.temporary import temporary_hosts
from lab.operations.changes import Change
from lab.operations.operation import Ground, Operation
from lab.operations.operation import Step as Changing
from lab.operations.outcome import Outcome, Span, writes_of
from lab.operations.steps import Step, label_of
from lab.phases import phase
from ops.engine.events import Diagnostic, parse

_CALM_S = 2  # of writing before the operation and after it


def run_on_hosts(operation: Operation) -> Outcome:
    """On fresh hosts. RuntimeError if an `up` fails, or if the writes cannot be read back."""
    with temporary_hosts() as (made, project):
        count = operation.founders + operation.spares
        machines = made.start(*(f"etcd{number + 1}" for number in range(count)))
        founders = machines[: operation.founders]
        stack = host_stack(project, founders, version=operation.version)
        return run(operation, LivingCluster(stack, machines))


def run(operation: Operation, ground: Ground) -> Outcome:
    """On a cluster that lives. RuntimeError as above."""
    steps = operation.steps(ground)
    client = ground.client()
    try:
        return _measured(ground, steps, client)
    finally:
        client.stop()


@phase("measure")
def _measured(ground: Ground, changes: Sequence[Changing], client: Client) -> Outcome:
    ups: list[Span] = []
    steps: list[Step] = []
    with ground.watcher() as watcher:
        time.sleep(_CALM_S)
        for change in changes:
            begin_s = time.time()
            steps += _up(ground, change(ground.stack.spec))
            ups.append(Span(begin_s, time.time()))
            client.follow(ground.stack.outputs())
        time.sleep(_CALM_S)
    found = client.report()
    zero_s = found["started_s"]
    return Outcome(
        client=found,
        restarts=watcher.restarts(),
        most_down=watcher.most_down(),
        ups=[Span(up.begin_s - zero_s, up.end_s - zero_s) for up in ups],
        steps=[Step(step.label, step.at_s - zero_s) for step in steps],
        writes=writes_of(client.csv),
    )


def _up(ground: Ground, change: Change) -> list[Step]:
    """The steps at the times of this machine's clock."""
    stack = ground.stack.change(**change)
    engine = stack.start("up", "--yes", "--skip-preview", "--json")
    steps: list[Step] = []
    said = []
    assert engine.stdout
    for line in engine.stdout:
        event = parse(line)
        if isinstance(event, Diagnostic) and event.severity == "error":
            said.append(event.message)
        elif event and (label := label_of(event, stack.spec["name"])):
            steps.append(Step(label, time.time()))
    if engine.wait() != 0:
        raise RuntimeError("\n".join(said))
    return steps
