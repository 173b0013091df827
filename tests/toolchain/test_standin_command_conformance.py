"""The command stand-in answers every recorded call as the official plugin did.

Where it must not, DIFFERENCES.md says so; that table is held to what really differs.
"""

import fnmatch
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import sshd

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "toolchain" / "standins" / "command"
KIT = ROOT.parent / "shared" / "conformance"
ANSWERS = KIT / "official-command-1.2.1.json"
LIMIT_S = 300
CASES = 107

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not ANSWERS.is_file(), reason="no ../shared/conformance beside the repository"
    ),
    pytest.mark.skipif(not sshd.PROGRAM, reason="no sshd on this machine; cases log in over SSH"),
]


def listed_patterns() -> list[str]:
    """The first column of the table in DIFFERENCES.md."""
    text = (PLUGIN / "DIFFERENCES.md").read_text()
    return re.findall(r"^\| `(cases/\S+)` \|", text, re.MULTILINE)


def test_it_differs_exactly_where_it_says(tmp_path: Path) -> None:
    plugin = f"{sys.executable} {PLUGIN}"
    compare = [KIT / "runner.py", "compare", "--plugin", plugin, "--answers", ANSWERS]
    run = subprocess.run(
        [sys.executable, *compare],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    *differences, summary = run.stdout.splitlines()
    assert summary.startswith(f"{CASES} cases compared"), run.stdout + run.stderr
    assert summary.endswith(" 0 skipped"), "the cases over SSH need sshd (openssh-server)"
    patterns = listed_patterns()
    paths = [line.split(": ", 1)[0] for line in differences]
    unlisted = [
        line
        for line, path in zip(differences, paths, strict=True)
        if not any(fnmatch.fnmatch(path, pattern) for pattern in patterns)
    ]
    stale = [pattern for pattern in patterns if not fnmatch.filter(paths, pattern)]
    assert unlisted == []
    assert stale == []
