"""What the stack file asks for: read and checked in one place, without Pulumi.

`load(raw)` gives a `Cluster` or raises a `SpecError` with every problem; `warnings_of(cluster)`
gives what works but should be known.
"""

from components.spec.checks import warnings_of
from components.spec.models.cluster import OPERATOR, Cluster, Compaction, Consumer
from components.spec.models.install import Install, InstallSettings
from components.spec.models.machine import Firewall, Paths, ShellProfile, UserSettings
from components.spec.models.node import NodeSettings
from components.spec.models.pki import Generation, Lifetime, Lifetimes, Pki, Subject
from components.spec.models.settings import Metrics, Node
from components.spec.models.ssh import JumpSettings, SshSettings
from components.spec.reading.load import load
from components.spec.report.problems import Problem, SpecError

__all__ = [
    "OPERATOR",
    "Cluster",
    "Compaction",
    "Consumer",
    "Firewall",
    "Generation",
    "Install",
    "InstallSettings",
    "JumpSettings",
    "Lifetime",
    "Lifetimes",
    "Metrics",
    "Node",
    "NodeSettings",
    "Paths",
    "Pki",
    "Problem",
    "ShellProfile",
    "SpecError",
    "SshSettings",
    "Subject",
    "UserSettings",
    "load",
    "warnings_of",
]
