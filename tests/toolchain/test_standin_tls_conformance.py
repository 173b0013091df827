"""The tls stand-in answers every recorded call as the official plugin did."""

from pathlib import Path

import pytest

from tests.support import conformance

ANSWERS = "official-tls-5.5.1.json"
LIMIT_S = 120

pytestmark = [pytest.mark.slow, conformance.needs(ANSWERS)]


def test_every_answer_is_the_official_one(tmp_path: Path) -> None:
    run = conformance.compare("tls", ANSWERS, tmp_path, LIMIT_S)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "60 cases compared, 0 differ, 0 differences, 0 skipped" in run.stdout
