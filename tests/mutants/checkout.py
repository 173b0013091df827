"""A copy of this checkout, which mutants may break."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.mutants.places import ROOTS

TOOLCHAIN = ".toolchain"


def copy_checkout(project: Path, target: Path) -> Path:
    """Every file that is not ignored, as it is now. What the toolchain has made is shared."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source = project / name
        if source.is_file() or source.is_symlink():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name, follow_symlinks=False)
    if not (target / TOOLCHAIN).is_symlink():
        (target / TOOLCHAIN).symlink_to((project / TOOLCHAIN).resolve())
    return target


def forget_compiled(folder: Path, compiled: Path) -> None:
    """Python knows a file again by second and size, which a mutant may share with another."""
    for root in ROOTS:
        # Below `compiled` a folder has its whole path.
        shutil.rmtree(compiled / (folder / root).relative_to("/"), ignore_errors=True)
        for cache in list((folder / root).rglob("__pycache__")):
            shutil.rmtree(cache, ignore_errors=True)
