"""The `pulumi` command: the person's own, the official one, or built from its Go modules."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from toolchain import environment, golang, staging
from toolchain.errors import ToolchainError
from toolchain.fetch import FetchError, download
from toolchain.layout import Layout, is_program
from toolchain.progress import say
from toolchain.running import Job, JobError, run
from toolchain.versions import Versions, satisfies

PART = "engine"
STALL_S = 10.0
VERSION_TIMEOUT_S = 10.0
INSTALLER_URL = "https://get.pulumi.com/install.sh"
LANGUAGE_HOST = "pulumi-language-python"
# Run in the program's environment, where the SDK is. It only starts what it finds at `root`.
SDK_INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""
WHAT_TO_INSTALL = """\
No Pulumi engine could be had:
  - on PATH:  {on_path}
  - official: {official}
  - built:    {built}
Install one of these, then run the same command again:
  - Pulumi {range} (https://www.pulumi.com/docs/install/), so that `pulumi version` works
  - Go (https://go.dev/doc/install), with access to a Go module proxy (`go env GOPROXY`)"""


@dataclass(frozen=True)
class Engine:
    """The engine to use."""

    command: Path
    way: str
    official: bool
    """Whether it is an official one, which says that official downloads can be had here."""

    @property
    def language_host(self) -> Path | None:
        """The official Python language host that came with it, if one did: beside it, or beside the
        link on PATH that leads to it, as a version manager lays them."""
        places = (self.command.resolve(), self.command)
        found = (place.with_name(LANGUAGE_HOST) for place in places)
        return next(filter(is_program, found), None) if self.official else None


def ensure(layout: Layout, versions: Versions) -> Engine:
    """The first engine that can be had. Raises ToolchainError with what to install."""
    command, why_not_own = on_path(layout, versions)
    if command:
        return _said(Engine(command, f"pulumi found at {command}", official=True))
    folder = layout.pulumi(versions.pulumi)
    if is_program(folder / "pulumi"):
        return Engine(folder / "pulumi", f"pulumi {versions.pulumi}", official=_is_official(folder))
    reasons = {"on_path": why_not_own, "range": versions.pulumi_range}
    try:
        _official(layout, versions, folder)
        way = f"official pulumi {versions.pulumi}"
        return _said(Engine(folder / "pulumi", way, official=True))
    except (FetchError, JobError) as error:
        reasons["official"] = str(error)
    try:
        _built(layout, versions, folder)
    except ToolchainError as error:
        raise ToolchainError(WHAT_TO_INSTALL.format(**reasons, built=error)) from error
    why = str(reasons["official"]).splitlines()[-1]
    way = f"pulumi {versions.pulumi} built from its Go modules (no official one: {why})"
    return _said(Engine(folder / "pulumi", way, official=False))


def _is_official(folder: Path) -> bool:
    return (folder / "pulumi").is_symlink()


def _said(engine: Engine) -> Engine:
    say(PART, engine.way)
    return engine


def on_path(layout: Layout, versions: Versions) -> tuple[Path | None, str]:
    """The person's own engine, or None and why not. Ours, which is on PATH too, is not theirs."""
    command = find_own(layout)
    if command is None:
        return None, "no pulumi"
    try:
        answer = subprocess.run(
            [command, "version"],
            capture_output=True,
            text=True,
            check=False,
            timeout=VERSION_TIMEOUT_S,
            # Else it makes a folder of its own below the person's home.
            env={
                **environment.of_a_person(),
                "PULUMI_HOME": str(layout.pulumi_home),
                "PULUMI_SKIP_UPDATE_CHECK": "true",
            },
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, str(error)
    version = answer.stdout.strip()
    if not satisfies(version, versions.pulumi_range):
        return None, f"{command} is {version or 'broken'}, needed is {versions.pulumi_range}"
    return command, ""


def find_own(layout: Layout) -> Path | None:
    """The `pulumi` on PATH, the links of toolchains left out: of this project, and of other clones
    of it, whose engine may be one that was built."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(f for f in folders if f and not _is_a_toolchains(Path(f), layout))
    found = shutil.which("pulumi", path=path)
    return Path(found) if found else None


def _is_a_toolchains(folder: Path, layout: Layout) -> bool:
    place = folder.resolve()
    if place == layout.bin.resolve():
        return True
    other = Layout(place.parent.parent)
    return place == other.bin and other.stamp.is_file()


def _official(layout: Layout, versions: Versions, folder: Path) -> None:
    """By the SDK's own installer. Raises FetchError or JobError once nothing arrives any more."""
    layout.work.mkdir(parents=True, exist_ok=True)
    download(PART, INSTALLER_URL, layout.work / "install.sh")
    with staging.staged(layout, folder) as root:
        arriving = layout.work / "arriving"  # where the installer's archive grows
        arriving.mkdir(exist_ok=True)
        run(
            Job(
                PART,
                f"installing the official pulumi {versions.pulumi}",
                [layout.python, "-c", SDK_INSTALL, root, versions.pulumi],
                layout.logs / "pulumi-official.log",
                env={"TMPDIR": str(arriving)},
                stall_s=STALL_S,
                watch=[layout.work],
            )
        )
        staging.link(root / "pulumi", Path("bin/pulumi"))


def _built(layout: Layout, versions: Versions, folder: Path) -> None:
    stamp = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{versions.pulumi}"
    pulumi = golang.Program(
        "pulumi",
        "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        ldflags=f"-s -w {stamp}",
        tags="osusergo,grpcnotrace",
    )
    with staging.staged(layout, folder) as target:
        golang.build(layout, PART, golang.Wrapper("pulumi", (pulumi,)), target)
