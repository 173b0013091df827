"""The kit that holds a stand-in against what the official plugin was recorded to answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KIT = ROOT.parent / "shared" / "conformance"


def needs(answers: str) -> pytest.MarkDecorator:
    """Leaves a test out where the kit's file of answers is not at hand."""
    return pytest.mark.skipif(
        not (KIT / answers).is_file(), reason="no ../shared/conformance beside the repository"
    )


def compare(
    stand_in: str, answers: str, folder: Path, limit_s: int
) -> subprocess.CompletedProcess[str]:
    """The kit's comparison for `toolchain/standins/<stand_in>`, run in `folder`."""
    plugin = f"{sys.executable} {ROOT / 'toolchain' / 'standins' / stand_in}"
    arguments = [KIT / "runner.py", "compare", "--plugin", plugin, "--answers", KIT / answers]
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )
