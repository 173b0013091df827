"""Random lives of a cluster: by our hand it never loses its quorum, and it always converges."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from lab.interruptions import seeded_chance
from tests.model.host import Programs
from tests.model.life import TIMEOUTS_S, Life

pytestmark = pytest.mark.slow

# Three minutes of a processor.
SEEDED_LIVES = int(os.environ.get("MODEL_EXAMPLES", "60"))
BOUNDED = settings(
    max_examples=4,
    stateful_step_count=12,
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    # A smaller story would cost minutes, and this one is told step by step.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SEEDED = settings(BOUNDED, max_examples=SEEDED_LIVES, derandomize=False)


@pytest.fixture(autouse=True)
def place_of_lives(tmp_path: Path, timeouts) -> None:
    timeouts(**TIMEOUTS_S)
    Life.folder, Life.programs = tmp_path / "world", Programs(tmp_path / "world")


def test_no_life_breaks_a_promise() -> None:
    """The same lives each time."""
    run_state_machine_as_test(Life, settings=BOUNDED)


@pytest.mark.soak
def test_no_life_of_a_seed_breaks_a_promise() -> None:
    """Other lives with each TEST_SEED."""

    @seed(seeded_chance().random())
    class SeededLife(Life):
        pass

    run_state_machine_as_test(SeededLife, settings=SEEDED)
