"""What the stack file asks for: read and checked in one place, without Pulumi.

`load(raw)` gives a `Cluster` or raises a `SpecError` with every problem.
"""

from components.spec.cluster import OPERATOR, Cluster, Compaction, Consumer
from components.spec.load import load
from components.spec.node import Install, Metrics, Node, NodeSettings
from components.spec.pki import Generation, Lifetime, Lifetimes, Pki, Subject
from components.spec.problems import Problem, SpecError

__all__ = [
    "OPERATOR",
    "Cluster",
    "Compaction",
    "Consumer",
    "Generation",
    "Install",
    "Lifetime",
    "Lifetimes",
    "Metrics",
    "Node",
    "NodeSettings",
    "Pki",
    "Problem",
    "SpecError",
    "Subject",
    "load",
]
