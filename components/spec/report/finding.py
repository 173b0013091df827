"""What a check finds: a problem before its path and value are written out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from components.spec.report.problems import Place


@dataclass(frozen=True)
class Finding:
    """`place` is refused for `reason`; without a remedy text the example is the remedy.

    `rests_on` are other places that the reason needs: where one of those is itself refused, the
    finding says nothing new and is dropped. `of_key` means the mapping key, not what stands there;
    `meant` is the known key that a mistyped one stands for, `belongs` the place to which the remedy
    moves a key, `otherwise` the remedy where that place takes no such value. `doubts` are places
    whose value may not be what was meant: other findings that rest on them say nothing yet.
    """

    place: Place
    reason: str
    remedy: str = ""
    example: object = None
    rests_on: tuple[Place, ...] = ()
    of_key: bool = False
    meant: str = ""
    belongs: Place | None = None
    otherwise: str = ""
    doubts: tuple[Place, ...] = ()


def once(findings: Iterable[Finding]) -> Iterable[Finding]:
    """The first finding of each place: nodes share what is set for all of them."""
    first: dict[Place, Finding] = {}
    for finding in findings:
        first.setdefault(finding.place, finding)
    return first.values()
