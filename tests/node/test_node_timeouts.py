"""Deadlines: all there, and in an order in which each can tell its own story."""

from __future__ import annotations

import dataclasses

import pytest

from components.member.timeouts import TIMEOUTS
from components.member.transports import TRANSPORTS


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_whole_run_outlasts_each_wait_in_it(transport):
    times = TIMEOUTS[transport]
    # A gate, a snapshot, a downgrade that is allowed, a restart that is refused, and the way back.
    assert times.run_s > times.gate_s + times.snapshot_ms / 1000 + 3 * times.start_s
    assert times.start_s * 1000 > times.ask_ms
    assert times.bootstrap_ms <= times.ask_ms
    assert min(dataclasses.astuple(times)) > 0
