"""How long the scripts wait."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timeouts:
    """`ask`: one question to etcd. `bootstrap`: the question before a first start whether somebody
    answers, which on a first creation nobody does; as long as etcd itself then asks its peers.
    `refusal`: as long as a machine without etcd may take to refuse it. `gate`: until all others are
    healthy. `snapshot`: until the largest database is saved. `start`: until a started member is
    healthy. `join`: until a learner has fetched the whole database and votes. `defragment`: one
    step of giving room back, 8 GB on a slow disk. `run`: a whole script without that, and the wait
    for another run's lock."""

    ask_ms: int = 3000
    bootstrap_ms: int = 1000
    refusal_ms: int = 300
    gate_s: int = 30
    snapshot_ms: int = 120_000
    start_s: int = 60
    join_s: int = 600
    defragment_s: int = 600
    run_s: int = 900


# On this machine an answer takes milliseconds; for pods the stack file says how long they may take.
TIMEOUTS = {
    "local": Timeouts(bootstrap_ms=500),
    "ssh": Timeouts(),
    "kubernetes": Timeouts(),
}
