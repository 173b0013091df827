"""The init system's service called etcd: nobody's, or this member's."""

from __future__ import annotations

from components.machine.parts.part import Part
from components.member.member import Member


def part(member: Member) -> Part | None:
    """For a machine of its own. Only OpenRC has one place for a package's service and for ours, so
    a package that this stack installs leaves its own there."""
    if not member.node.own_machine:
        return None
    node = member.node
    replaced = node.runtime == "openrc" and node.install.method == "package"
    return Part("service", {"replaces_packaged_service": "yes" if replaced else "no"})
