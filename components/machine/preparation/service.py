"""The init system's service called etcd: nobody's, or this member's."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member


def step(member: Member) -> PreparationStep | None:
    """For a machine of its own. Only OpenRC has one place for a package's service and for ours, so
    a package that this stack installs leaves its own there."""
    if not member.node.own_machine:
        return None
    node = member.node
    replaced = node.runtime == "openrc" and node.install.method == "package"
    return PreparationStep("service", {"replaces_packaged_service": "yes" if replaced else "no"})
