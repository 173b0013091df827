"""The program's Python environment: the lock files' packages, hashes checked, by a pinned uv."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from toolchain import staging
from toolchain.errors import ToolchainError
from toolchain.layout import Layout, is_program
from toolchain.progress import say
from toolchain.running import Job, JobError, run

LOCKS = ("requirements.txt", "requirements-dev.txt")
PART = "python"


def fingerprint(project: Path) -> str:
    """Changes with the lock files, with the interpreter, with the project's place, and with what is
    compiled."""
    digest = hashlib.sha256(f"{sys.version} {sys.base_prefix} {project} {_IMPORTS}".encode())
    for lock in LOCKS:
        digest.update((project / lock).read_bytes())
    return digest.hexdigest()


def ensure(layout: Layout) -> None:
    """Make the environment what the lock files say; does nothing when it already is.

    An environment cannot be moved, so it is made in place. The stamp comes last: an interrupted
    one has none, and is made good by the next set-up.
    """
    stamp = layout.venv / "locked"
    wanted = fingerprint(layout.project)
    if is_program(layout.python) and stamp.is_file() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    if not _starts(layout):
        _create(layout)
    _uv(layout)
    _sync(layout)
    _compile(layout)
    staging.write(stamp, wanted)
    say(PART, f"{sys.version.split()[0]} with the packages of {' and '.join(LOCKS)}")


def _starts(layout: Layout) -> bool:
    """Whether there is an environment of this interpreter's version that can be used."""
    try:
        run(_job(layout, "looking", [layout.python, "-c", _SAME_VERSION, sys.version]))
    except JobError:
        return False
    return True


_SAME_VERSION = "import sys, pip; sys.exit(sys.argv[1] != sys.version)"


def _create(layout: Layout) -> None:
    shutil.rmtree(layout.venv, ignore_errors=True)
    try:
        run(_job(layout, "creating the environment", [sys.executable, "-m", "venv", layout.venv]))
    except JobError as error:
        raise ToolchainError(
            f"{sys.executable} cannot make a virtual environment. On Debian and Ubuntu install "
            f"python3-venv. It said:\n{error}"
        ) from error


def _uv(layout: Layout) -> None:
    """The pinned uv, by pip: uv is no part of a plain Python, pip is."""
    lock = (layout.project / "requirements-dev.txt").read_text()
    pin = re.search(r"^uv==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    if not pin:
        raise ToolchainError("requirements-dev.txt does not pin uv")
    only_uv = layout.work / "uv.txt"
    staging.write(only_uv, pin[0])
    _pip(layout, "fetching uv", "--no-deps", "-r", only_uv)


def _sync(layout: Layout) -> None:
    """Install exactly the locked packages.

    uv first, which is ten times as fast, and which is told to trust what the machine trusts. It
    does not know pip's configuration; where that leads to a package index, pip does the work.
    """
    locks = [layout.project / name for name in LOCKS]
    uv = layout.venv / "bin" / "uv"
    command: list[str | Path] = [uv, "--system-certs", "pip", "sync", "--require-hashes"]
    command += ["--python", layout.python, *locks]
    try:
        run(_job(layout, "installing the locked packages", command))
    except JobError:
        _pip(layout, "installing the locked packages", *(w for lock in locks for w in ("-r", lock)))


def _compile(layout: Layout) -> None:
    """Python compiles what it imports, and keeps that, unless it is told not to
    (PYTHONDONTWRITEBYTECODE, as in many images) or may not write there. Then each of the four
    processes that the engine starts would do it anew, at every `up`. -E: here it is not told."""
    command: list[str | Path] = [layout.python, "-E", "-c", _IMPORTS]
    # Nothing depends on it: a fault in there is told by whoever needs it.
    with suppress(JobError):
        run(Job(PART, "compiling", command, layout.logs / "compile.log", cwd=layout.project))


_IMPORTS = "import asyncssh, components.cluster"


def _pip(layout: Layout, doing: str, *arguments: str | Path) -> None:
    options = ("--quiet", "--disable-pip-version-check", "--require-hashes")
    command = [layout.python, "-m", "pip", "install", *options, *arguments]
    try:
        run(_job(layout, doing, command))
    except JobError as error:
        raise ToolchainError(
            f"{doing} failed. A Python package index has to be reachable, or set pip up to reach "
            f"one (pip config, PIP_INDEX_URL, PIP_FIND_LINKS). pip said:\n{error}"
        ) from error


def _job(layout: Layout, doing: str, command: list[str | Path]) -> Job:
    return Job(PART, doing, command, layout.logs / "python.log")
