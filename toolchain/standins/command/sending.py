"""Sends a file or folder to a host over SFTP, block by block, and never all of it in memory."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from toolchain.standins.command import background, wording
from toolchain.standins.command.background import Later
from toolchain.standins.command.call import Call
from toolchain.standins.command.connection import connected
from toolchain.standins.command.errors import PluginError


def send(inputs: Mapping[str, Any], call: Call) -> None:
    """Copy `source` to `remotePath`; raises PluginError when that fails.

    | source          | remotePath is a folder | there is none  | it is a file |
    |-----------------|------------------------|----------------|--------------|
    | text            | error                  | remotePath     | overwritten  |
    | file            | remotePath/file        | remotePath     | overwritten  |
    | folder          | remotePath/folder      | the same, made | error        |
    | folder, with /  | its content in there   | the same, made | error        |
    """
    source, target = inputs["source"].fields, inputs["remotePath"]
    plan = None if "text" in source else _plan(source["path"], target)

    async def work(later: Later) -> None:
        async with (
            connected(inputs["connection"], call, later) as connection,
            connection.start_sftp_client() as sftp,
        ):
            if plan is None:
                await _send_text(sftp, source["text"], target)
            else:
                await plan.carry_out(sftp)

    try:
        background.run(work)
    except OSError as error:
        raise PluginError(f"open {error.filename}: {wording.system_error(error)}") from None
    except asyncssh.Error as error:
        raise PluginError(f"failed to copy to remote path {target}: {error}") from None


@dataclass(frozen=True)
class Plan:
    """Folders to make on the host, and files and folders to put at `target`."""

    folders: tuple[str, ...]
    sources: tuple[str, ...]
    target: str

    async def carry_out(self, sftp: asyncssh.SFTPClient) -> None:
        """Links are followed."""
        for folder in self.folders:
            await _make_folder(sftp, folder)
        for source in self.sources:
            await sftp.put(source, self.target, recurse=True, follow_symlinks=True, sparse=False)


def _plan(source: str, target: str) -> Plan:
    path = Path(source)
    if not path.is_dir():
        return Plan((), (source,), target)
    folders = (target,) if source.endswith("/") else (target, posixpath.join(target, path.name))
    return Plan(folders, tuple(sorted(map(str, path.iterdir()))), folders[-1])


async def _send_text(sftp: asyncssh.SFTPClient, text: str, target: str) -> None:
    if await sftp.isdir(target):
        raise PluginError(
            f"remote path {target} is a directory; when using a text asset, remotePath must be "
            "a file path"
        )
    async with sftp.open(target, "wb") as file:
        await file.write(text.encode())


async def _make_folder(sftp: asyncssh.SFTPClient, path: str) -> None:
    if not await sftp.exists(path):
        await sftp.mkdir(path)
    elif not await sftp.isdir(path):
        raise PluginError(f"remote path {path} exists but is not a directory")
