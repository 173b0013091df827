"""What is wrong with a stack that is read: every fault, where it is, and what would do instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One output that cannot be used.

    `path` is its place among the outputs (`apiserver.scheduler`), `value` what is there, `reason`
    why that is refused, `remedy` what to do.
    """

    path: str
    value: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}: {self.value}\n    refused: {self.reason}\n    instead: {self.remedy}"


class OutputsError(ValueError):
    """Outputs of `stack` that cannot be used; `problems` holds every one that was looked for."""

    def __init__(self, stack: str, problems: Iterable[Problem]) -> None:
        self.stack = stack
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in the outputs of {stack}"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))
