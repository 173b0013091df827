"""What the work on a resource needs of the request that asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.standins.enginelog import ResourceLog
from toolchain.standins.interrupt import Interrupt
from toolchain.standins.kubernetes.annotations import timeout_seconds
from toolchain.standins.kubernetes.kinds import Kind
from toolchain.standins.kubernetes.patience import Patience

DEFAULT_TIMEOUT_S = 600


@dataclass(frozen=True)
class Call:
    """A request about one resource."""

    urn: str
    kind: Kind
    log: ResourceLog
    interrupt: Interrupt
    timeout_s: float
    """Of the resource's options; 0 where they say nothing."""

    def patience(self, inputs: Mapping[str, Any]) -> Patience:
        """For a wait that begins now: by the options, else by the annotation, else 10 minutes."""
        seconds = self.timeout_s or timeout_seconds(inputs) or DEFAULT_TIMEOUT_S
        return Patience(seconds, self.interrupt)
