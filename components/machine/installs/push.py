"""The archive of a release, fetched by the controller and sent to a node that needs no internet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pulumi
from pulumi import FileAsset, ResourceOptions
from pulumi_command import remote

from components.machine.installs.fetch import FetchError, fetch
from components.member.member import Member
from components.spec.models.install import Architecture

CACHE = Path(".toolchain") / "archives"


@dataclass(frozen=True)
class Archive:
    """One pinned archive. `sent` is where it lies on a node before the node's script takes it."""

    url: str
    sha256: str

    @property
    def sent(self) -> str:
        """In a folder where the user who logs in may write; SFTP knows no sudo."""
        return f"/var/tmp/etcd-cluster-{self.sha256}.tar.gz"  # noqa: S108 (checked once it is ours)


def archive_of(member: Member) -> Archive:
    """What `member` is to be sent; the spec has seen to it that its checksum is known."""
    install = member.node.install
    architecture: Architecture = member.node.architecture or "amd64"
    url = install.url.format(version=member.version, architecture=architecture)
    return Archive(url, install.sha256[architecture])


def push_copy(
    name: str, member: Member, connection: remote.ConnectionArgs, opts: ResourceOptions
) -> remote.CopyToRemote | None:
    """The archive on `member`'s machine; None for other ways to install.

    It is fetched now, since the engine looks into the file at every preview. Raises RunError if it
    cannot be had.
    """
    if member.node.install.method != "push":
        return None
    archive = archive_of(member)
    return remote.CopyToRemote(
        name,
        connection=connection,
        source=FileAsset(str(_at_hand(archive, member.project / CACHE))),
        remote_path=archive.sent,
        # A connection that leads to another machine would not be a reason to send it again.
        triggers=[connection.host, connection.host_key, archive.sha256],
        opts=opts,
    )


@cache
def _at_hand(archive: Archive, folder: Path) -> Path:
    path = folder / f"etcd-{archive.sha256}.tar.gz"
    try:
        fetch(archive.url, archive.sha256, path)
    except (FetchError, OSError) as error:
        message = (
            f"the etcd archive could not be fetched: {error}; "
            "look what that address serves, and what install.url and install.sha256 say"
        )
        raise pulumi.RunError(message) from error
    return path
