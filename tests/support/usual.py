"""Which of a test's parameters are not left to soak."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest
from _pytest.mark.structures import ParameterSet


def mostly_in_soak(names: Iterable[str], usual: Collection[str]) -> list[str | ParameterSet]:
    """Those that are usual as they are, all others marked as `soak`."""
    return [name if name in usual else pytest.param(name, marks=pytest.mark.soak) for name in names]
