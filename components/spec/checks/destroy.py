"""What `pulumi destroy` may do with data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.report.finding import Finding

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster


def findings(spec: Cluster) -> Iterator[Finding]:
    """Data may only be wiped where it may be lost."""
    if spec.on_destroy == "wipe" and not spec.throwaway:
        yield Finding(
            ("on_destroy",),
            "would delete the data of a cluster that is not marked `throwaway: true`",
            example="keep",
            rests_on=(("throwaway",),),
        )
