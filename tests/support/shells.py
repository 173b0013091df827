"""The shells that scripts must run in. One that is not installed is left out, with the reason."""

from __future__ import annotations

import pytest

from lab.needs import needs

SHELLS = [pytest.param(shell, marks=needs(shell.split()[0])) for shell in ("dash", "busybox sh")]

# Of tests that take long and share their scripts with others that run in both.
DASH = pytest.mark.parametrize("shell", [pytest.param("dash", marks=needs("dash"))], indirect=True)
