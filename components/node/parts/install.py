"""How the etcd binaries get onto a node."""

from __future__ import annotations

from components.node.member import Member
from components.node.parts.part import Part


def part(member: Member) -> Part:
    """For every node; the method is a script of its own."""
    binaries = str((member.project / member.node.install.directory / member.version).absolute())
    return Part("install_preinstalled", {"binaries": binaries}, {"binaries": binaries})
