"""What is wrong with a stack file: every mistake, where it is, and what would do instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

# Where a value stands below `cluster`: mapping keys and list positions.
Place = tuple[str | int, ...]

ROOT = "cluster"
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Problem:
    """One refused value.

    `path` is its place in the stack file (`cluster.nodes.etcd2.address`), `value` what was given
    (`[secret]` for a secret), `reason` why it is refused, `remedy` what to do.
    `example` is a plain value that is accepted at `path`, or None where no single value would do.
    """

    path: str
    value: str
    reason: str
    remedy: str
    example: object = None

    def __str__(self) -> str:
        return f"{self.path}: {self.value}\n    refused: {self.reason}\n    instead: {self.remedy}"


class SpecError(ValueError):
    """A stack file that cannot be used; `problems` holds every one, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self._report())

    def _report(self) -> str:
        count = len(self.problems)
        inside = all(problem.path.startswith(ROOT) for problem in self.problems)
        where = f"the stack file's `{ROOT}`" if inside else "the stack file"
        head = f"{count} problem{'s' if count != 1 else ''} in {where}"
        return "\n".join([head, *(f"  {problem}" for problem in self.problems)])


def path_of(place: Place) -> str:
    """The place as people write it: `cluster.consumers[1]`, `cluster.flags."a.b"`."""
    text = ROOT
    for step in place:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if _BARE.fullmatch(step) else f".{json.dumps(step)}"
    return text
