"""What is behind the newest release: Python packages, and what is built from Go modules."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolchain import golang
from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.python_env import LOCKS
from toolchain.versions import numbers, required

TIMEOUT_S = 300.0
# What stays where it is, and why.
_ANSWERS = "the stand-in answers as this release does; a newer one has to be recorded or read first"
HELD = {"pulumi-tls": _ANSWERS, "pulumi-kubernetes": _ANSWERS}
# One wrapper a minor: only another release of that minor can take its place.
_ONE_MINOR = "go.etcd.io/etcd/"
_LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_RELEASE = re.compile(r"v\d+\.\d+\.\d+")


@dataclass(frozen=True)
class Behind:
    """Something that has a newer release."""

    name: str
    pinned: str
    newest: str

    def __str__(self) -> str:
        line = f"{self.name:<44} {self.pinned:<12} {self.newest}"
        return f"{line}  held: {HELD[self.name]}" if self.name in HELD else line


def outdated(layout: Layout) -> list[Behind]:
    """All of it, in the order of names. Asks the registries. Raises ToolchainError."""
    return sorted((*_packages(layout), *_modules(layout)), key=lambda each: each.name)


def locked(text: str) -> dict[str, str]:
    """Version by name, of a file as `uv pip compile` writes it."""
    return dict(_LOCKED.findall(text))


def unpinned(texts: Iterable[str]) -> str:
    """What the `.in` files ask for, without their exact versions and their references to others."""
    lines = (line for text in texts for line in text.splitlines() if not line.startswith("-"))
    return "\n".join(re.sub(r"==\S+", "", line) for line in lines)


def behind(pinned: Mapping[str, str], newest: Mapping[str, str]) -> Iterator[Behind]:
    """What differs between the two. The resolver of the second has chosen no older ones."""
    for name, version in pinned.items():
        if newest.get(name, version) != version:
            yield Behind(name, version, newest[name])


def newest_of(module: str, pinned: str, versions: Iterable[str]) -> str:
    """Among releases that may take the place of `pinned`; that itself where there is none newer."""
    releases = [version for version in versions if _RELEASE.fullmatch(version)]
    if module.startswith(_ONE_MINOR):
        releases = [each for each in releases if numbers(each)[:2] == numbers(pinned)[:2]]
    return max((pinned, *releases), key=numbers)


def _packages(layout: Layout) -> Iterator[Behind]:
    sources = [layout.project / Path(lock).with_suffix(".in") for lock in LOCKS]
    wanted = unpinned(source.read_text() for source in sources)
    command: list[str | Path] = [
        layout.venv / "bin" / "uv",
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "-",
    ]
    options = ["--python-version", "3.11", "--no-header", "--no-annotate", "--no-emit-index-url"]
    newest = locked(_said([*command, *options], layout.project, wanted))
    pinned = [locked((layout.project / lock).read_text()) for lock in LOCKS]
    yield from behind({name: version for each in pinned for name, version in each.items()}, newest)


def _modules(layout: Layout) -> Iterator[Behind]:
    for go_mod in sorted(layout.modules.glob("*/go.mod")):
        go = golang.command(go_mod.parent)
        for module, pinned in required(go_mod.read_text()).items():
            asked = [go, "list", "-mod=readonly", "-m", "-versions", module]
            versions = _said(asked, go_mod.parent).split()[1:]
            newest = newest_of(module, pinned, versions)
            if newest != pinned:
                yield Behind(module, pinned, newest)


def _said(command: Sequence[str | Path], folder: Path, text: str = "") -> str:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            input=text,
            capture_output=True,
            text=True,
            check=True,
            timeout=TIMEOUT_S,
        )
    except subprocess.CalledProcessError as error:
        raise ToolchainError(f"{command[0]}: {error.stderr.strip()}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolchainError(f"{command[0]}: {error}") from error
    return done.stdout
