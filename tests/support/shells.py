"""The shells that scripts must run in. One that is not installed is left out, with the reason."""

from __future__ import annotations

import shutil

import pytest


def absent(program: str) -> pytest.MarkDecorator:
    """Leaves a test out where `program` is not installed."""
    return pytest.mark.skipif(not shutil.which(program), reason=f"no {program} on this machine")


SHELLS = [pytest.param(shell, marks=absent(shell.split()[0])) for shell in ("dash", "busybox sh")]

# Of tests that take long and share their scripts with others that run in both.
DASH = pytest.mark.parametrize("shell", ["dash"], indirect=True)
