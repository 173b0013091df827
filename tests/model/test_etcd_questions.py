"""The simulated etcd answers as the list of questions says; test_real_etcd.py asks real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.questions import OF_EACH, SITUATIONS, wrong_answers
from tests.model.simulated_etcd import SimulatedCluster


@pytest.mark.parametrize(("version", "situation"), OF_EACH)
def test_the_simulated_etcd(tmp_path: Path, version: str, situation: str) -> None:
    cluster = SimulatedCluster(tmp_path / "world", version)
    wrong = wrong_answers(cluster, SITUATIONS[situation])
    assert not wrong, "\n".join(wrong)
