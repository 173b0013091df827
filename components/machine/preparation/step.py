"""One step of a node's preparation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PreparationStep:
    """`name` is also its script, `scripts/preparation/<name>.sh`, which defines `<name>_tools`,
    `<name>_check`, `<name>_make` and `<name>_remove`. `settings` are what that script looks up,
    `facts` what a reviewer should see of it, `may_call` other steps whose scripts it may load."""

    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    may_call: tuple[str, ...] = ()
