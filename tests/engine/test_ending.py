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
# The program itself, of a stack file that is refused.
WHOLE = """
import os, runpy, signal
import pulumi
from pulumi.runtime import mocks

class Answers(mocks.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs
    def call(self, args):
        return {}

mocks.set_mocks(Answers(), project="etcd-cluster", stack="dev")
pulumi.runtime.set_all_config({"etcd-cluster:cluster": '{"versoin": 1}'})
try:
    runpy.run_path("__main__.py", run_name="__main__")
except SystemExit:
    names = {"PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS"}
    print("refused, inherits", [*names & {*os.environ}], flush=True)
os.kill(os.getpid(), signal.SIGINT)
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


@pytest.mark.slow
def test_the_program_does_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"etcd-cluster:cluster": "a key"}')
    program = start(WHOLE)
    said, _ = program.communicate(timeout=60)
    assert said == "refused, inherits []\n"
    assert program.returncode == TOLD, "an interruption was not awaited"


def test_the_stand_in_host_knows_the_same_code() -> None:
    from toolchain.standins.language import program

    assert program.TOLD == TOLD
