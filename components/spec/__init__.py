"""What the stack file asks for: read and checked in one place, without Pulumi.

`load(raw)` gives a `Cluster` or raises a `SpecError` with every problem.
"""

from components.spec.cluster import OPERATOR, Cluster, Compaction, Consumer
from components.spec.install import Install, InstallSettings
from components.spec.load import load
from components.spec.machine import Firewall, Paths, ShellProfile, UserSettings
from components.spec.node import NodeSettings
from components.spec.pki import Generation, Lifetime, Lifetimes, Pki, Subject
from components.spec.problems import Problem, SpecError
from components.spec.settings import Metrics, Node
from components.spec.ssh import JumpSettings, SshSettings

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
]
