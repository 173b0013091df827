"""Checks that need more than one value; each yields findings, all of them always run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.checks import (
    destroy,
    external,
    firewall,
    flags,
    folders,
    install,
    kubernetes,
    login,
    login_keys,
    login_port,
    nodes,
    pki,
    transport,
    tuning,
    unused,
    words,
)
from components.spec.report.finding import Finding
from components.spec.values.versions import version_warnings

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster

_CHECKS = (
    *(destroy, tuning, nodes, transport, login, login_keys, login_port, unused, folders),
    *(install, kubernetes, flags, pki, external),
)
_WARNINGS = (tuning, nodes, words, login, firewall, pki, external)


def findings(spec: Cluster) -> Iterator[Finding]:
    """Everything that is refused although each value alone is fine."""
    for check in _CHECKS:
        yield from check.findings(spec)


def warnings_of(spec: Cluster) -> tuple[str, ...]:
    """Everything that works but should be known."""
    found = (warning for check in _WARNINGS for warning in check.warnings(spec))
    return (*version_warnings(spec.version), *found)
