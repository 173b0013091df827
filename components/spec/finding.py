"""What a check finds: a problem before its path and value are written out."""

from __future__ import annotations

from dataclasses import dataclass

from components.spec.problems import Place


@dataclass(frozen=True)
class Finding:
    """`place` is refused for `reason`; `rests_on` are the other places that the reason needs.

    Where one of those is itself refused, the finding says nothing new and is dropped.
    """

    place: Place
    reason: str
    remedy: str = ""
    example: object = None
    rests_on: tuple[Place, ...] = ()
