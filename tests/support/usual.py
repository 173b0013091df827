"""Which of a test's parameters do not wait for CI."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest
from _pytest.mark.structures import ParameterSet


def mostly_in_ci(names: Iterable[str], usual: Collection[str]) -> list[str | ParameterSet]:
    """Those that are usual as they are, all others marked as `exhaustive`."""
    return [
        name if name in usual else pytest.param(name, marks=pytest.mark.exhaustive)
        for name in names
    ]
