"""Checks that need more than one value; each yields findings, all of them always run."""

from __future__ import annotations

from collections.abc import Iterator

from components.spec.checks import cluster, nodes, tuning
from components.spec.cluster import Cluster
from components.spec.finding import Finding
from components.spec.versions import version_warnings


def findings(spec: Cluster) -> Iterator[Finding]:
    """Everything that is refused although each value alone is fine."""
    yield from cluster.findings(spec)
    yield from tuning.findings(spec)
    yield from nodes.findings(spec)


def warnings(spec: Cluster) -> Iterator[str]:
    """Everything that works but should be known."""
    yield from version_warnings(spec.version)
    yield from tuning.warnings(spec)
    yield from nodes.warnings(spec)
