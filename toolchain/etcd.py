"""etcd, etcdctl and etcdutl of one version: from a given folder, a release, or Go modules."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import tarfile
from pathlib import Path

from toolchain import golang, staging
from toolchain.errors import ToolchainError
from toolchain.fetch import FetchError, download
from toolchain.layout import ETCD_PROGRAMS, Layout, is_program
from toolchain.progress import say

PART = "etcd"
GIVEN_FOLDER = "ETCD_BIN_DIR"
VERSION_TIMEOUT_S = 10.0
RELEASE_URL = "https://github.com/etcd-io/etcd/releases/download/v{version}/{archive}"
RELEASES = Path("components", "spec", "data", "etcd-releases.json")
CPU = {"x86_64": "amd64", "aarch64": "arm64"}
ARCHITECTURES = ("amd64", "arm64", "ppc64le", "s390x")
WHAT_TO_DO = """\
etcd {version} could not be had:
  - release archive: {archive}
  - built:           {built}
Do one of these, then run the same command again:
  - set ETCD_BIN_DIR to a folder that holds etcd, etcdctl and etcdutl {version}
  - install Go (https://go.dev/doc/install), with access to a Go module proxy (`go env GOPROXY`)"""


def ensure(layout: Layout, version: str) -> None:
    """Put the three programs into their folder. Raises ToolchainError when none can be had."""
    folder = layout.etcd(version)
    given = os.environ.get(GIVEN_FOLDER)
    if given:
        _link_given(layout, version, Path(given).resolve())
    elif not complete(folder):
        _get(layout, version, folder, this_system())


def ensure_for(layout: Layout, version: str, architecture: str) -> None:
    """The same for Linux machines of another architecture, in a folder of their own."""
    folder = layout.etcd_for(version, architecture)
    if not complete(folder):
        _get(layout, version, folder, f"linux-{architecture}")


def complete(folder: Path) -> bool:
    """Whether all three programs are there."""
    return all(is_program(folder / name) for name in ETCD_PROGRAMS)


def _link_given(layout: Layout, version: str, given: Path) -> None:
    """Use the person's own programs. Raises ToolchainError when they are not what is needed."""
    for name in ETCD_PROGRAMS:
        if not is_program(given / name):
            raise ToolchainError(f"{GIVEN_FOLDER} is {given}, which holds no program {name}")
    found = _version(given / "etcd")
    if found != version:
        raise ToolchainError(f"{GIVEN_FOLDER} holds etcd {found}, needed is {version}")
    folder = layout.etcd(version)
    if complete(folder) and (folder / "etcd").resolve() == given / "etcd":
        return
    with staging.staged(layout, folder) as target:
        for name in ETCD_PROGRAMS:
            staging.link(target / name, given / name)
    say(PART, f"{version} from {given}")


def _version(program: Path) -> str:
    """`etcd Version: 3.6.16` is the first line of `etcd --version`."""
    answer = subprocess.run(
        [program, "--version"],
        capture_output=True,
        text=True,
        check=False,
        timeout=VERSION_TIMEOUT_S,
    )
    found = re.search(r"etcd Version: (\S+)", answer.stdout)
    return found[1] if found else "of an unknown version"


def _get(layout: Layout, version: str, folder: Path, system: str) -> None:
    try:
        _release(layout, version, folder, system)
    except FetchError as error:
        why = str(error)
    else:
        say(PART, f"{version} for {system} from its release archive, sha256 checked")
        return
    try:
        _built(layout, version, folder, system)
    except ToolchainError as error:
        raise ToolchainError(
            WHAT_TO_DO.format(version=version, archive=why, built=error)
        ) from error
    say(PART, f"{version} for {system} built from its Go modules (no release archive: {why})")


def pinned_sha256(project: Path, version: str, system: str) -> str | None:
    """The published checksum of a release archive, None where none is committed.

    `system` is as etcd names its archives: `linux-amd64`.
    """
    table = json.loads((project / RELEASES).read_text())
    sha256: str | None = table.get(version, {}).get(system)
    return sha256


def this_system() -> str:
    """This machine, as etcd names its archives."""
    machine = platform.machine()
    return f"{platform.system().lower()}-{CPU.get(machine, machine)}"


def _release(layout: Layout, version: str, folder: Path, system: str) -> None:
    """Raises FetchError without a pinned checksum, a network, or the pinned file."""
    sha256 = pinned_sha256(layout.project, version, system)
    if sha256 is None:
        raise FetchError(f"no checksum is pinned for {version} on {system}")
    name = f"etcd-v{version}-{system}"
    archive = layout.work / f"{name}.tar.gz"
    archive.parent.mkdir(parents=True, exist_ok=True)
    download(PART, RELEASE_URL.format(version=version, archive=archive.name), archive, sha256)
    with staging.staged(layout, folder) as target:
        _unpack(archive, name, target)
    archive.unlink()


def _unpack(archive: Path, name: str, target: Path) -> None:
    with tarfile.open(archive) as tar:
        for program in ETCD_PROGRAMS:
            source = tar.extractfile(f"{name}/{program}")
            if source is None:
                raise FetchError(f"{archive.name} holds no {program}")
            (target / program).write_bytes(source.read())
            (target / program).chmod(0o755)


def _built(layout: Layout, version: str, folder: Path, system: str) -> None:
    """From the committed module of the version's minor, which pins one version."""
    wrapper = "etcd-" + ".".join(version.split(".")[:2])
    definition = layout.modules / wrapper / "go.mod"
    if not definition.is_file() or f"server/v3 v{version}\n" not in definition.read_text():
        raise ToolchainError(f"toolchain/go pins no etcd {version}")
    modules = {"etcd": "server", "etcdctl": "etcdctl", "etcdutl": "etcdutl"}
    programs = tuple(
        golang.Program(program, f"go.etcd.io/etcd/{module}/v3")
        for program, module in modules.items()
    )
    with staging.staged(layout, folder) as target:
        golang.build(layout, PART, golang.Wrapper(wrapper, programs), target, system)
