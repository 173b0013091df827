"""The `pulumi` command: the person's own, or built from its Go modules."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from toolchain import environment, golang, staging
from toolchain.errors import ToolchainError
from toolchain.layout import Layout, is_program
from toolchain.progress import say
from toolchain.versions import Versions, satisfies

PART = "engine"
VERSION_TIMEOUT_S = 10.0
LANGUAGE_HOST = "pulumi-language-python"
WHAT_TO_INSTALL = """\
No Pulumi engine could be had:
  - on PATH: {on_path}
  - built:   {built}
Install one of these, then run the same command again:
  - Pulumi {range} (https://www.pulumi.com/docs/install/), so that `pulumi version` works
  - Go (https://go.dev/doc/install), with access to a Go module proxy (`go env GOPROXY`)"""


@dataclass(frozen=True)
class Engine:
    """The engine to use."""

    command: Path
    way: str
    official: bool
    """Whether it is the person's, which is taken for a release of Pulumi's."""

    @property
    def language_host(self) -> Path | None:
        """The official Python language host that came with it, if one did: beside it, or beside the
        link on PATH that leads to it, as a version manager lays them."""
        places = (self.command.resolve(), self.command)
        found = (place.with_name(LANGUAGE_HOST) for place in places)
        return next(filter(is_program, found), None) if self.official else None

    @property
    def language_programs(self) -> list[Path]:
        """That host and what lies beside it for it; none where no host came with the engine."""
        host = self.language_host
        return sorted(host.parent.glob(f"{LANGUAGE_HOST}*")) if host else []


def ensure(layout: Layout, versions: Versions) -> Engine:
    """The first engine that can be had. Raises ToolchainError with what to install."""
    command, why_not_own = on_path(layout, versions)
    if command:
        return _said(Engine(command, f"pulumi found at {command}", official=True))
    folder = layout.pulumi(versions.engine)
    if is_program(folder / "pulumi"):
        return Engine(folder / "pulumi", f"pulumi {versions.engine}", official=False)
    try:
        _built(layout, versions, folder)
    except ToolchainError as error:
        raise ToolchainError(
            WHAT_TO_INSTALL.format(on_path=why_not_own, built=error, range=versions.pulumi_range)
        ) from error
    way = f"pulumi {versions.engine} built from its Go modules (on PATH: {why_not_own})"
    return _said(Engine(folder / "pulumi", way, official=False))


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
    found = (shutil.which("pulumi", path=folder) for folder in folders if folder)
    theirs = (Path(each) for each in found if each and not _is_a_toolchains(Path(each), layout))
    return next(theirs, None)


def _is_a_toolchains(program: Path, layout: Layout) -> bool:
    """Whether it lies in one, or is a link into one."""
    places = (program.parent.resolve(), *program.resolve().parents)
    return any(_is_toolchain(place.parent, layout) for place in places)


def _is_toolchain(home: Path, layout: Layout) -> bool:
    if home == layout.home.resolve():
        return True
    other = Layout(home.parent)
    return home == other.home and other.stamp.is_file()


def _built(layout: Layout, versions: Versions, folder: Path) -> None:
    stamp = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{versions.engine}"
    pulumi = golang.Program(
        "pulumi",
        "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        ldflags=f"-s -w {stamp}",
        tags="osusergo,grpcnotrace",
    )
    with staging.staged(layout, folder) as target:
        golang.build(layout, PART, golang.Wrapper("pulumi", (pulumi,)), target)
