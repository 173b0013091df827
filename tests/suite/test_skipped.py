"""What a machine lacks for the tests is said in one line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from lab import needs
from tests.skipped import line

REPOSITORY = Path(__file__).resolve().parents[2]


def test_what_to_install_comes_first_and_every_reason_once() -> None:
    reasons = [
        "Skipped: hosts are made by root alone",
        f"Skipped: {needs.reason(['zsh'])}",
        f"Skipped: {needs.reason(['busybox', 'zsh'])}",
        "Skipped: hosts are made by root alone",
        "Skipped: no IPv6 here",
    ]
    assert line(reasons) == (
        "5 tests left out (2: apt-get install busybox zsh; "
        "2: hosts are made by root alone; 1: no IPv6 here)"
    )
    assert line([]) == ""


def test_a_missing_program_is_told_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program, path: None)
    mark = needs.needs("sshd", "strace").mark
    assert mark.args == (True,)
    assert line([mark.kwargs["reason"]]).endswith("(1: apt-get install openssh-server strace)")


def test_every_skip_for_a_program_goes_through_the_list() -> None:
    by_hand = re.compile(r"skipif\([^)]*(which\(|PROGRAM\b)|skip\(f?\"no [{a-z]+ (here|on this)")
    found = [
        path.name
        for folder in ("lab", "tests")
        for path in (REPOSITORY / folder).rglob("*.py")
        if by_hand.search(path.read_text()) and path != Path(__file__)
    ]
    assert found == []
