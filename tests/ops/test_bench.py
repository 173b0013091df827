"""The measurements' own arithmetic."""

from __future__ import annotations

import os
import subprocess
import sys

from bench.figures import Figure
from bench.memory import Peaks, descendants, role_of


def test_a_figure_is_the_median_and_says_whether_its_aim_is_met() -> None:
    figure = Figure("first up", "s", (9.0, 7.5, 7.0), aim=8)
    assert figure.value == 7.5
    assert "aim 8: met" in figure.line
    assert "(runs: 9 7.50 7)" in figure.line
    assert "MISSED" in Figure("failed", "", (1,), aim=0).line


def test_peak_memory_is_that_of_the_process_not_of_the_moment() -> None:
    """40 MiB are used and given back before anyone looks."""
    program = "x = bytearray(40 << 20); del x; import time; time.sleep(0.5)"
    command = ["sh", "-c", f'{sys.executable} -c "{program}" ops; true']
    process = subprocess.Popen(command, text=True)
    with Peaks(process) as peaks:
        process.wait()
    assert 40 < peaks.mib()["ops"] < 80


def test_a_process_and_all_below_it_are_found() -> None:
    process = subprocess.Popen(["sh", "-c", "sleep 5 & echo; wait"], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    found = descendants(process.pid)
    assert process.pid in found
    assert len(found) == 2
    for pid in found:
        os.kill(pid, 15)
    process.wait()


def test_what_is_none_of_ours_has_no_role() -> None:
    assert role_of(1) is None
    assert role_of(999_999_999) is None
