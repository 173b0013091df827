"""What the members' answers amount to. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ops.cluster.probe import Answers

_DAY_S = 86400


@dataclass(frozen=True)
class Member:
    """One line of the table; None is what could not be learnt."""

    name: str
    url: str
    version: str | None
    role: str | None  # leader, follower or learner
    database_bytes: int | None
    raft_index: int | None
    healthy: bool
    reason: str  # why it is not healthy, or what is odd although it is
    certificate_days: float | None


def members(known: Mapping[str, Mapping[str, str]], answers: Answers, now_s: float) -> list[Member]:
    """`known` is the stack's output: name to its URLs."""
    return [_member(name, urls["client_url"], answers, now_s) for name, urls in known.items()]


def _member(name: str, url: str, answers: Answers, now_s: float) -> Member:
    status = answers.status.get(url, {})
    health = answers.health.get(url, {})
    until = answers.expiry[url]
    alarms = [str(alarm) for alarm in status.get("errors") or []]
    return Member(
        name=name,
        url=url,
        version=status.get("version"),
        role=_role(status) if status else None,
        database_bytes=status.get("dbSize"),
        raft_index=status.get("raftIndex"),
        healthy=bool(health.get("health")) and not alarms,
        reason="; ".join([*alarms, *_why(health, until)]),
        certificate_days=None if isinstance(until, str) else (until - now_s) / _DAY_S,
    )


def _role(status: Mapping[str, Any]) -> str:
    if status.get("isLearner"):
        return "learner"
    return "leader" if status["leader"] == status["header"]["member_id"] else "follower"


def _why(health: Mapping[str, Any], until: float | str) -> list[str]:
    """The handshake's reason is plainer than etcdctl's, where there is one."""
    if isinstance(until, str):
        return [until]
    if health.get("health"):
        return []
    return [str(health.get("error") or "no answer")]


def as_json(rows: Sequence[Member]) -> str:
    return json.dumps(
        {"healthy": all_healthy(rows), "members": [asdict(r) for r in rows]}, indent=2
    )


def all_healthy(rows: Sequence[Member]) -> bool:
    return bool(rows) and all(row.healthy for row in rows)
