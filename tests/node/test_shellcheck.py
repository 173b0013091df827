"""What `make check` asks of every script, shellcheck finds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SHELLCHECK = Path(sys.executable).with_name("shellcheck")


def shellcheck(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHELLCHECK, "-s", "sh", "-x", "-P", "SCRIPTDIR", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("code", ["[[ $1 == a ]]\n", "rm -rf $1/*\n", "local x\n"])
def test_it_would_say_so(code, tmp_path):
    (tmp_path / "bad.sh").write_text(f"#!/bin/sh\n{code}")
    assert shellcheck(tmp_path / "bad.sh").returncode != 0
