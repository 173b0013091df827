"""Where in the stack file a setting of a node comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.spec.models.model import Model
from components.spec.report.problems import Place

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster


def is_written(part: Model, steps: Place) -> bool:
    """Whether the stack file says something there, be it the default."""
    for step in steps:
        if not isinstance(part, Model) or step not in part.model_fields_set:
            return False
        part = getattr(part, str(step))
    return True


def origin(spec: Cluster, name: str, *steps: str) -> Place:
    """The place of a node's setting that merges field by field: at the node if it stands there,
    else where it stands, or would stand, for all nodes."""
    return ("nodes", name, *steps) if is_written(spec.nodes[name], steps) else steps


def either(name: str, *steps: str) -> tuple[Place, Place]:
    """Both places that a node's setting may come from."""
    return steps, ("nodes", name, *steps)
