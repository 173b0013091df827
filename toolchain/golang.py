"""Builds a program from published Go modules whose checksums are committed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.running import Job, JobError, run
from toolchain.versions import numbers

STALL_S = 10.0
VERSION_TIMEOUT_S = 10.0
GO_ENV = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
# What `-s -w` leaves out of a program is not compiled either, which is a tenth of the work.
# Programs that are built with the same flags share what they have in common.
BUILD = ("build", "-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false")


@dataclass(frozen=True)
class Program:
    """A Go command: which package, and how it is linked."""

    name: str
    package: str
    ldflags: str = "-s -w"
    tags: str = ""


@dataclass(frozen=True)
class Wrapper:
    """One of the committed modules that pin a set of programs (toolchain/go/<name>)."""

    name: str
    programs: tuple[Program, ...]


def build(
    layout: Layout, part: str, wrapper: Wrapper, target: Path, system: str | None = None
) -> None:
    """Build the wrapper's programs into the folder `target`, for this machine or for another
    `system` such as `linux-arm64`.

    Raises ToolchainError when there is no Go, an old Go, no module or no compilation. The person's
    own Go settings (proxy, private modules, caches) hold; the toolchain is never switched, so that
    nothing but the pinned modules is downloaded.
    """
    module = layout.modules / wrapper.name
    go = command(module)
    env = {**GO_ENV, **(_target(system) if system else {})}
    for program in wrapper.programs:
        job = Job(part, "", (), layout.logs / f"{program.name}.log", cwd=module, env=env)
        try:
            run(_fetch(job, go, program))
            run(_compile(job, go, program, target))
        except JobError as error:
            last = str(error).splitlines()[-1]
            raise ToolchainError(f"{last} (all that Go said: {job.log})") from error


def _target(system: str) -> dict[str, str]:
    goos, _, goarch = system.partition("-")
    return {"GOOS": goos, "GOARCH": goarch}


def _fetch(job: Job, go: str, program: Program) -> Job:
    """Downloads what the compilation will read; apart, because only a download can stall."""
    command = (go, "list", "-deps", "-mod=readonly", *_tags(program), program.package)
    downloads = Path(_go_env(go, "GOMODCACHE")) / "cache" / "download"
    doing = f"fetching the modules of {program.name}"
    return replace(job, doing=doing, command=command, stall_s=STALL_S, watch=[downloads])


def _compile(job: Job, go: str, program: Program, target: Path) -> Job:
    command = [go, *BUILD, "-v", "-mod=readonly", *_tags(program)]
    command += ["-ldflags", program.ldflags, "-o", str(target / program.name), program.package]
    return replace(job, doing=f"compiling {program.name}", command=command)


def _tags(program: Program) -> tuple[str, ...]:
    return ("-tags", program.tags) if program.tags else ()


def command(module: Path) -> str:
    """The Go command. Raises ToolchainError when there is none or it is too old for the module."""
    go = shutil.which("go")
    if go is None:
        raise ToolchainError("no Go on PATH")
    needed = re.search(r"^go (\S+)", (module / "go.mod").read_text(), re.MULTILINE)
    found = _go_env(go, "GOVERSION").removeprefix("go")
    if needed and numbers(found) < numbers(needed[1]):
        raise ToolchainError(f"Go {needed[1]} or newer is needed, {go} is {found or 'broken'}")
    return go


def _go_env(go: str, name: str) -> str:
    answer = subprocess.run(
        [go, "env", name],
        env={**os.environ, **GO_ENV},
        capture_output=True,
        text=True,
        check=False,
        timeout=VERSION_TIMEOUT_S,
    )
    return answer.stdout.strip()
