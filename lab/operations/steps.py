"""The steps of an operation: what the engine reports of commands on nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ops.engine.events import Event, Finished

_DONE = {"create", "update", "delete", "create-replacement"}


@dataclass(frozen=True)
class Step:
    """A command that was over by then, in seconds since the first write."""

    label: str
    at_s: float


def label_of(event: Event, cluster: str) -> str | None:
    """`etcd1 apply`; None for what is not the end of a command."""
    if not isinstance(event, Finished) or event.step.op not in _DONE:
        return None
    resource = event.step.resource
    if not resource.type.startswith("command:"):
        return None
    return resource.name.removeprefix(f"{cluster}-").replace("-", " ")


def together(steps: Iterable[Step], within_s: float) -> Iterator[Step]:
    """One for all that begin within so long of each other, where their labels would overlap."""
    group: list[Step] = []
    for step in sorted(steps, key=lambda step: step.at_s):
        if group and step.at_s - group[0].at_s > within_s:
            yield _one(group)
            group = []
        group.append(step)
    if group:
        yield _one(group)


def _one(group: Sequence[Step]) -> Step:
    if len(group) == 1:
        return group[0]
    actions = Counter(step.label.split()[-1] for step in group)
    labels = {step.label.split()[-1]: step.label for step in group}
    parts = [f"{times} x {what}" if times > 1 else labels[what] for what, times in actions.items()]
    return Step(", ".join(parts), group[0].at_s)
