"""Workers side by side get networks and ports of their own."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from lab import loopback

REPOSITORY = Path(__file__).parents[2]
WORKERS = 5
HOLD = """
from lab.loopback import own_network, own_port
print(own_network(), own_network(), own_port(), own_port(), flush=True)
input()
"""


def test_processes_side_by_side_share_no_network_and_no_port() -> None:
    taken: list[str] = []
    with ExitStack() as workers:
        started = [
            workers.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", HOLD],
                    cwd=REPOSITORY,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(WORKERS)
        ]
        for worker in started:
            assert worker.stdout
            taken += worker.stdout.readline().split()
        for worker in started:
            worker.communicate("\n")
    assert len(set(taken)) == len(taken) == 4 * WORKERS


def test_a_network_where_members_of_a_killed_run_are_left_is_nobodys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loopback, "_NETWORKS", ["127.71.1", "127.71.2"])
    with socket.socket() as left:
        left.bind(("127.71.1.2", 2379))
        assert loopback.own_network() == "127.71.2"
