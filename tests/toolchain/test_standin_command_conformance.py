"""The command stand-in answers every recorded call as the official plugin did.

Where it must not, DIFFERENCES.md says so; that table is held to what really differs.
"""

import fnmatch
import re
from pathlib import Path

import pytest

from lab.needs import needs
from tests.support import conformance

PLUGIN = conformance.ROOT / "toolchain" / "standins" / "command"
ANSWERS = "official-command-1.2.1.json"
LIMIT_S = 300
CASES = 107

pytestmark = [
    pytest.mark.slow,
    conformance.needs(ANSWERS),
    needs("sshd"),
]


def listed_patterns() -> list[str]:
    """The first column of the table in DIFFERENCES.md."""
    text = (PLUGIN / "DIFFERENCES.md").read_text()
    return re.findall(r"^\| `(cases/\S+)` \|", text, re.MULTILINE)


def test_it_differs_exactly_where_it_says(tmp_path: Path) -> None:
    run = conformance.compare("command", ANSWERS, tmp_path, LIMIT_S)
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
