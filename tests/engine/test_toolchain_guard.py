"""Stand-ins refuse a stack that does not say it may be lost, also where no program runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import trial_project
from tests.support.trial_project import MARKED, Trial

# A real engine runs.
pytestmark = pytest.mark.slow

PROGRAM = """
import pulumi_command as command
import pulumi_tls as tls
tls.PrivateKey("key", algorithm="ED25519")
command.local.Command("touch", create="touch made", delete="rm made")
"""
REFUSAL = "stand-in plugins refuse stack t: its file has neither `trial:standins: true` nor"


@pytest.fixture
def unmarked(tmp_path: Path) -> Trial:
    """A stack that was made while it was marked, and is not any more."""
    trial = trial_project.make(tmp_path, PROGRAM)
    status, output = trial.run("up", "--yes", "--skip-preview")
    assert status == 0, output
    trial.stack_file.write_text(trial.stack_file.read_text().replace(MARKED, ""))
    return trial


@pytest.mark.standins_only("command", "tls")
@pytest.mark.parametrize("command", ["destroy", "refresh"])
def test_no_provider_is_used(unmarked: Trial, command: str) -> None:
    status, output = unmarked.run(command, "--yes", "--skip-preview")
    assert status != 0
    assert REFUSAL in output
    assert "trial:cluster" in output
    assert (unmarked.folder / "made").exists()


@pytest.mark.standins_only("language")
def test_no_program_is_run(tmp_path: Path) -> None:
    program = "open('ran', 'w').close()\n"
    status, output = trial_project.make(tmp_path, program, configuration="").run("preview")
    assert status != 0
    assert REFUSAL in output
    assert not (tmp_path / "ran").exists()


def test_what_the_cluster_object_says_counts_too(tmp_path: Path) -> None:
    configuration = "config:\n  trial:cluster: {name: x, throwaway: true}\n"
    trial = trial_project.make(tmp_path, PROGRAM, configuration=configuration)
    status, output = trial.run("up", "--yes", "--skip-preview")
    assert status == 0, output
    status, output = trial.run("destroy", "--yes", "--skip-preview")
    assert status == 0, output
    assert not (tmp_path / "made").exists()


@pytest.mark.standins_only("command")
def test_a_plugins_configuration_reaches_no_child(tmp_path: Path) -> None:
    program = """
import pulumi_command as command
command.local.Command("env", create="env > environment")
"""
    trial = trial_project.make(tmp_path, program)
    for key in ("command:token", "trial:token"):
        status, output = trial.run("config", "set", "--secret", key, "hunter22")
        assert status == 0, output
    status, output = trial.run("up", "--yes", "--skip-preview")
    assert status == 0, output
    assert "hunter22" not in (tmp_path / "environment").read_text()
    assert "PULUMI_CONFIG=" not in (tmp_path / "environment").read_text()
