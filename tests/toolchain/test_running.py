"""Programs of set-up: their failures, their end, their signs of life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from lab.hosts.machine import until
from tests.node.processes import lives
from toolchain import progress
from toolchain.running import Job, JobError, run


def job(folder: Path, script: str, stall_s: float | None = None, watch: Sequence[Path] = ()) -> Job:
    command = ("sh", "-c", script)
    return Job("part", "working", command, folder / "log", stall_s=stall_s, watch=watch)


def test_a_failure_shows_the_end_of_the_output(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="no space left"):
        run(job(tmp_path, "seq 100; echo no space left >&2; exit 2"))


def test_a_program_that_is_missing_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="No such file"):
        run(Job("part", "working", ("/nowhere/program",), tmp_path / "log"))


def test_what_a_shell_says_of_other_stacks_is_kept_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pass phrase in the environment wins over a file."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "theirs")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://production")
    monkeypatch.setenv("PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES", "mirror")
    ours = {"PULUMI_HOME": "/ours"}
    run(replace(job(tmp_path, "env | grep ^PULUMI | sort"), env=ours))
    assert (tmp_path / "log").read_text().splitlines() == [
        "PULUMI_HOME=/ours",
        "PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES=mirror",
    ]


@pytest.mark.slow
def test_silence_ends_it_and_its_children(tmp_path: Path) -> None:
    script = f"sleep 60 & echo $! > {tmp_path}/child; wait"
    with pytest.raises(JobError, match="nothing arrived"):
        run(job(tmp_path, script, stall_s=0.3))
    child = int((tmp_path / "child").read_text())
    until(lambda: not lives(child), 20, lambda: f"{child} lives on")


@pytest.mark.slow
def test_what_arrives_keeps_it_alive(tmp_path: Path) -> None:
    arriving = tmp_path / "arriving"
    arriving.mkdir()
    script = f"for i in 1 2 3 4; do echo x >> {arriving}/archive; sleep 0.4; done"
    run(job(tmp_path, script, stall_s=1.1, watch=[tmp_path / "elsewhere", arriving]))


@pytest.mark.slow
def test_without_a_terminal_it_says_that_it_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "LOG_EVERY_S", 0.3)
    run(job(tmp_path, "echo module 7; sleep 0.8"))
    lines = capsys.readouterr().err.splitlines()
    assert lines
    assert all("working" in line and "module 7" in line for line in lines)


def test_what_is_short_is_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(job(tmp_path, "true"))
    assert capsys.readouterr().err == ""
