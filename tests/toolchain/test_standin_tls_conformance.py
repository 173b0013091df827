"""The tls stand-in answers every recorded call as the official plugin did."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KIT = ROOT.parent / "shared" / "conformance"
ANSWERS = KIT / "official-tls-5.5.1.json"
LIMIT_S = 120

pytestmark = pytest.mark.skipif(
    not ANSWERS.is_file(), reason="no ../shared/conformance beside the repository"
)


def test_every_answer_is_the_official_one(tmp_path: Path) -> None:
    plugin = f"{sys.executable} {ROOT / 'toolchain/standins/tls'}"
    compare = [KIT / "runner.py", "compare", "--plugin", plugin, "--answers", ANSWERS]
    run = subprocess.run(
        [sys.executable, *compare],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "60 cases compared, 0 differ, 0 differences, 0 skipped" in run.stdout
