"""Set-up in a fresh clone: from nothing to a toolchain, and once more."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from bench.figures import Report
from bench.project import REPOSITORY


def measure(*, empty_caches: bool) -> Report:
    """Go's and pip's caches are as they are on this machine, unless `empty_caches`."""
    report = Report("setup")
    with tempfile.TemporaryDirectory(prefix="etcd-bench-") as name:
        clone = Path(name) / "clone"
        subprocess.run(["git", "clone", "--quiet", REPOSITORY, clone], check=True)
        environment = _environment(Path(name) / "caches" if empty_caches else None)
        cold_s, warm_s = _timed(clone, environment), _timed(clone, environment)
    caches = "empty" if empty_caches else "as they are on this machine"
    report.note(f"caches of Go and of Python packages: {caches}")
    report.add("set-up of a fresh clone", "s", [cold_s])
    report.add("set-up again", "s", [warm_s])
    return report


def _timed(clone: Path, environment: dict[str, str]) -> float:
    started_s = time.monotonic()
    done = subprocess.run(
        ["make", "--no-print-directory", "setup"],
        cwd=clone,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout)
    return time.monotonic() - started_s


def _environment(caches: Path | None) -> dict[str, str]:
    """This process' environment without what a toolchain has set in it."""
    prefixes = ("PULUMI_", "ETCDCTL_", "VIRTUAL_ENV", "PYTHON")
    toolchain = str(REPOSITORY / ".toolchain")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(prefixes)}
    path = [entry for entry in kept["PATH"].split(os.pathsep) if not entry.startswith(toolchain)]
    kept["PATH"] = os.pathsep.join(path)
    if caches:
        names = ("GOCACHE", "GOMODCACHE", "PIP_CACHE_DIR", "UV_CACHE_DIR", "XDG_CACHE_HOME")
        kept |= {name: str(caches / name.lower()) for name in names}
        # Go makes its modules read-only, which would stop the folder's removal.
        kept["GOFLAGS"] = f"{kept.get('GOFLAGS', '')} -modcacherw".strip()
    return kept
