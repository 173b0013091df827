"""How the program ends, as the official Python host sees it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from components.ending import TOLD
from components.environment import forget_configuration

INTERRUPTED = """
import time
from components.ending import end_at_interruption
end_at_interruption()
print("waits", flush=True)
time.sleep(60)
"""
REFUSED = "from components.ending import refuse; refuse('cluster.versoin: no such setting')"


def start(program: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_an_interruption_ends_it_without_a_word() -> None:
    program = start(INTERRUPTED)
    assert program.stdout
    assert program.stdout.readline() == "waits\n"
    program.send_signal(signal.SIGINT)
    said = program.communicate(timeout=30)
    assert (program.returncode, *said) == (TOLD, "", "")


def test_a_report_is_all_that_it_says() -> None:
    """Without an engine the SDK prints what it would tell it."""
    program = start(REFUSED)
    said, complained = program.communicate(timeout=30)
    assert (program.returncode, said) == (TOLD, "")
    assert complained == "error: cluster.versoin: no such setting\n"


def test_nothing_that_it_starts_inherits_the_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"etcd-cluster:cluster": "a key"}')
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", "[]")
    forget_configuration()
    seen = subprocess.run(["env"], capture_output=True, text=True, check=True).stdout
    assert not [
        line
        for line in seen.splitlines()
        if line.startswith(("PULUMI_CONFIG=", "PULUMI_CONFIG_SECRET"))
    ]


def test_the_stand_in_host_knows_the_same_code() -> None:
    from toolchain.standins.language import program

    assert program.TOLD == TOLD
