"""What every transport gives: one command on a node, as a resource."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_command import local, remote

Command = local.Command | remote.Command


@dataclass(frozen=True)
class CommandText:
    """The texts of a command's life. Without `create` or `delete`, making or removing the resource
    touches nothing; one that was made so has `update` run at its first change."""

    create: str | None
    update: str
    delete: str | None = None
