"""A run of soak keeps to its time, and says everything that went wrong in it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.tiers import soak
from tests.tiers.units import Unit

COMMIT = "00000001" * 5
SHARED, ALONE = Unit("a", 30, ["a::one", "a::two"]), Unit("b", 10, ["b::one"], alone_s=10)


class Pytest:
    """In the place of pytest: takes `takes_s`, and ends with what a test gives it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.takes_s = 1.0
        self.status = 0
        self.outcomes: dict[str, str] = {}
        self.ends: dict[str, Any] | None = {"cut_off": False}
        self.commands: list[tuple[str, ...]] = []

    def run(self, command: tuple[str, ...], **_: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        self.now_s += self.takes_s
        lines = [
            {"test": test, "when": "teardown", "outcome": outcome, "seconds": 1, "phases": {}}
            for test, outcome in self.outcomes.items()
        ]
        with Path(self.option("--durations-to")).open("a") as record:
            for line in (*lines, *([{"run": "", **self.ends}] if self.ends else [])):
                record.write(json.dumps(line) + "\n")
        return subprocess.CompletedProcess(command, self.status)

    def option(self, name: str, number: int = -1) -> str:
        (found,) = [word for word in self.commands[number] if word.startswith(name)]
        return found.partition("=")[2]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pytest:
    fake = Pytest()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(soak, "subprocess", SimpleNamespace(run=fake.run))
    monkeypatch.setattr(soak, "time", SimpleNamespace(monotonic=lambda: fake.now_s, time=float))
    return fake


def passing(fake: Pytest) -> None:
    fake.outcomes = dict.fromkeys((*SHARED.tests, *ALONE.tests), "passed")


def failing(fake: Pytest) -> None:
    fake.outcomes, fake.status = {"a::one": "failed"}, 1


def refused(fake: Pytest) -> None:
    """The collection failed, or pytest itself."""
    fake.status = 2


def crashed(fake: Pytest) -> None:
    fake.status, fake.ends = -9, None


def left_out(fake: Pytest) -> None:
    """That nothing may be, in CI."""
    fake.outcomes, fake.status = {"a::one": "skipped"}, 1


def cut_off(fake: Pytest) -> None:
    fake.outcomes, fake.status, fake.ends = {"a::one": "passed"}, 2, {"cut_off": True}


def cut_off_after_a_failure(fake: Pytest) -> None:
    fake.outcomes, fake.status, fake.ends = {"a::one": "failed"}, 2, {"cut_off": True}


def nothing_selected(fake: Pytest) -> None:
    fake.status = 5


@pytest.mark.parametrize(
    ("ending", "good"),
    [
        (passing, True),
        (nothing_selected, False),
        (cut_off, True),
        (failing, False),
        (cut_off_after_a_failure, False),
        (refused, False),
        (crashed, False),
        (left_out, False),
    ],
)
def test_soak_fails_with_all_that_is_no_pass(
    ending: Callable[[Pytest], None], good: bool, fake: Pytest, capsys
) -> None:
    ending(fake)
    assert soak.Soak(COMMIT, 60).run([SHARED]) is good
    assert (" 0 failed" in capsys.readouterr().out) == good


def test_in_ci_a_test_that_was_left_out_fails_a_run_that_was_cut_off(fake, monkeypatch) -> None:
    monkeypatch.setenv("CI", "true")
    cut_off(fake)
    fake.outcomes = {"a::one": "skipped"}
    assert not soak.Soak(COMMIT, 60).run([SHARED])


def test_what_was_cut_off_is_not_reached_and_comes_again(fake, capsys) -> None:
    cut_off(fake)
    run = soak.Soak(COMMIT, 60)
    assert run.run([SHARED])
    assert "1 units were not reached" in capsys.readouterr().out
    assert not run.ledger.past


def test_what_failed_last_does_not_run_before_the_rest_of_its_file(fake) -> None:
    first, failed = Unit("a::one", 1, ["a::one"]), Unit("a::two", 1, ["a::two"], place=1)
    soak.Soak(COMMIT, 60).run([failed, first])
    assert fake.commands[0][-2:] == ("a::one", "a::two")


def test_both_runs_of_a_batch_share_its_time(fake) -> None:
    passing(fake)
    fake.takes_s = 40
    soak.Soak(COMMIT, 100).run([SHARED, ALONE])
    assert [fake.option("--session-timeout", number) for number in (0, 1)] == ["100", "60"]


def test_nothing_more_begins_when_the_time_is_over(fake, capsys) -> None:
    fake.takes_s = 100
    fake.outcomes = dict.fromkeys(SHARED.tests, "passed")
    assert soak.Soak(COMMIT, 100).run([SHARED, ALONE])
    assert len(fake.commands) == 1
    assert "1 units were not reached" in capsys.readouterr().out


def test_a_part_has_what_is_left_of_cis_budget(fake, monkeypatch) -> None:
    passing(fake)
    monkeypatch.setattr(soak, "_units", lambda seed: [SHARED])
    monkeypatch.setattr(soak, "_commit", lambda name: COMMIT)
    assert soak.run_part("HEAD", 10_000)
    assert soak.run_part("HEAD", 50)
    limits = [float(fake.option("--session-timeout", number)) for number in (0, 1)]
    assert limits == [soak.PART_LIMIT_S, 50]


def test_no_part_runs_when_cis_budget_is_spent(fake, monkeypatch, capsys, tmp_path) -> None:
    failing(fake)
    monkeypatch.setattr(soak, "_units", lambda seed: [SHARED])
    monkeypatch.setattr(soak, "_commit", lambda name: COMMIT)
    soak.run_part("HEAD", 50)
    assert soak.run_part("HEAD", 0)
    assert len(fake.commands) == 1
    assert "nothing is left" in capsys.readouterr().out
    # CI's verdict does not name the slowest tests of an earlier part.
    assert not (tmp_path / "etcd-cluster" / "durations" / "soak.jsonl").exists()
