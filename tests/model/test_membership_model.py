"""Random lives of a cluster: by our hand it never loses its quorum, and it always converges."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.host import Programs
from tests.model.life import TIMEOUTS_S, Life

pytestmark = pytest.mark.slow

# More, and others each time, for whoever looks for more.
EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "0"))
BOUNDED = settings(
    max_examples=EXAMPLES or 4,
    stateful_step_count=12,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    print_blob=True,
    # A smaller story would cost minutes, and this one is told step by step.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_no_life_breaks_a_promise(tmp_path: Path, timeouts) -> None:
    timeouts(**TIMEOUTS_S)
    Life.folder, Life.programs = tmp_path / "world", Programs(tmp_path / "world")
    run_state_machine_as_test(Life, settings=BOUNDED)
