"""Raft timing and limits that do not fit together. Source: etcd's tuning guide and FAQ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.spec.report.finding import Finding

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster

_LEAST_HEARTBEATS = 5
_GOOD_HEARTBEATS = 10
_ELECTION_MAX_MS = 50_000


def findings(spec: Cluster) -> Iterator[Finding]:
    """An election needs the silence of at least five heartbeats."""
    least_ms = spec.heartbeat_ms * _LEAST_HEARTBEATS
    if spec.election_ms >= least_ms:
        return
    rests_on = (("tuning",), ("heartbeat_ms",), ("election_ms",))
    reason = f"{spec.election_ms} ms election is less than {_LEAST_HEARTBEATS} heartbeats of "
    reason += f"{spec.heartbeat_ms} ms"
    good_ms = spec.heartbeat_ms * _GOOD_HEARTBEATS
    if good_ms <= _ELECTION_MAX_MS:
        yield Finding(("election_ms",), reason, example=good_ms, rests_on=rests_on)
    else:
        example = max(spec.election_ms // _GOOD_HEARTBEATS, 1)
        yield Finding(("heartbeat_ms",), reason, example=example, rests_on=rests_on)


def warnings(spec: Cluster) -> Iterator[str]:
    """Timing that works but calls needless elections."""
    if spec.election_ms < spec.heartbeat_ms * _GOOD_HEARTBEATS:
        yield (
            f"election_ms {spec.election_ms} is less than {_GOOD_HEARTBEATS} heartbeats of "
            f"{spec.heartbeat_ms} ms: a short stall may cost the leader its office"
        )
