"""What the engine and `ops` take is in a phase, once."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import lab.ops_run
from lab import phases
from lab.ops_run import ops
from lab.stack import EtcdStack


class Ended:
    """A process that has ended, well unless `status` says otherwise."""

    def __init__(self, status: int = 0) -> None:
        self.returncode = status

    def communicate(self, timeout: float) -> tuple[str, str]:
        return "", ""


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EtcdStack:
    """Its engine, and `ops`, do nothing; what was spent before is taken."""
    monkeypatch.setattr(EtcdStack, "start", lambda stack, *arguments: Ended())
    monkeypatch.setattr(lab.ops_run, "start_ops", lambda stack, *arguments: Ended())
    phases.take()
    return EtcdStack(tmp_path)


def spent() -> list[str]:
    return [*phases.take()]


def test_what_is_founded_is_changed_from_then_on(stack: EtcdStack) -> None:
    for up in (stack.up, lambda: ops(stack, "up"), lambda: stack.run("up", "--diff")):
        stack.founded = False
        up()
        assert (spent(), stack.founded) == (["found"], True)
        up()
        assert spent() == ["change"]


def test_an_up_that_fails_has_founded_nothing(stack: EtcdStack, monkeypatch) -> None:
    monkeypatch.setattr(EtcdStack, "start", lambda stack, *arguments: Ended(status=1))
    assert stack.up().status == 1
    assert not stack.founded


def test_a_destruction_and_a_question_are_phases_of_their_own(stack: EtcdStack) -> None:
    stack.destroy()
    assert spent() == ["destroy"]
    ops(stack, "down", "--yes")
    assert spent() == ["destroy"]
    ops(stack, "status")
    stack.run("preview")
    assert spent() == ["ask"]


def test_a_phase_inside_another_counts_to_that_one(stack: EtcdStack, monkeypatch) -> None:
    clock = iter(range(10))
    monkeypatch.setattr(phases, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    with phases.phase("measure"):
        stack.up()
    assert phases.take() == {"measure": 2}  # the inner one reads the clock once, at its beginning
